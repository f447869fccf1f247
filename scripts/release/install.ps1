# Installs smugdl @VERSION@ for Windows:
#   irm @DOWNLOADS@/install.ps1 | iex
# It checks the archive's SHA-256, unpacks it to %LOCALAPPDATA%\Programs\smugdl, puts that on the user's PATH, and a link
# to "Start smugdl.cmd" into the Start menu.
& {
  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue' # Windows PowerShell downloads many times slower with it
  $version = '@VERSION@'
  $downloads = if ($env:SMUGDL_DOWNLOADS) { $env:SMUGDL_DOWNLOADS } else { '@DOWNLOADS@' }
  $target = if ($env:SMUGDL_INSTALL_DIR) { $env:SMUGDL_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\smugdl' }

  if (-not [Environment]::Is64BitOperatingSystem) { throw 'smugdl needs 64-bit Windows.' }
  $name = "smugdl-$version-windows-x64"
  $archive = "$name.zip"
  $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
  New-Item -ItemType Directory $work | Out-Null
  try {
    Invoke-WebRequest -UseBasicParsing "$downloads/SHA256SUMS" -OutFile "$work\SHA256SUMS"
    $line = Get-Content "$work\SHA256SUMS" | Where-Object { $_.EndsWith("  $archive") }
    if (-not $line) { throw "SHA256SUMS does not list $archive" }
    $expected = $line.Substring(0, 64)
    Write-Host "Downloading $archive"
    Invoke-WebRequest -UseBasicParsing "$downloads/$archive" -OutFile "$work\$archive"
    $actual = (Get-FileHash -Algorithm SHA256 "$work\$archive").Hash
    if ($actual -ne $expected) { throw "$archive is damaged: its SHA-256 is $actual, not $expected" }
    Expand-Archive "$work\$archive" $work
    if (Test-Path $target) { Remove-Item -Recurse $target }
    New-Item -ItemType Directory -Force (Split-Path $target) | Out-Null
    Move-Item "$work\$name" $target
  } finally {
    Remove-Item -Recurse -Force $work
  }

  $path = [Environment]::GetEnvironmentVariable('Path', 'User')
  if (($path -split ';') -notcontains $target) {
    [Environment]::SetEnvironmentVariable('Path', "$path;$target".TrimStart(';'), 'User')
    $env:Path = "$env:Path;$target"
  }
  $link = (New-Object -ComObject WScript.Shell).CreateShortcut((Join-Path ([Environment]::GetFolderPath('Programs')) 'smugdl.lnk'))
  $link.TargetPath = Join-Path $target 'Start smugdl.cmd'
  $link.WorkingDirectory = $env:USERPROFILE
  $link.IconLocation = Join-Path $target 'smugdl.exe'
  $link.Save()
  Write-Host "Installed $target\smugdl.exe, $(& "$target\smugdl.exe" --version)"
  Write-Host 'Begin with smugdl, here or in the Start menu: it asks for all that it needs. Or see it work first: smugdl demo'
}
