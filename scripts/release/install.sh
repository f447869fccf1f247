#!/bin/sh
# Installs smugdl @VERSION@ for Linux or macOS:
#   curl -fsSL @DOWNLOADS@/install.sh | sh
# It picks the archive of this machine, checks its SHA-256, unpacks it to $PREFIX/lib/smugdl and links it as
# $PREFIX/bin/smugdl. PREFIX is ~/.local, or /usr/local for root, unless the environment says something else.
set -eu

version='@VERSION@'
downloads="${SMUGDL_DOWNLOADS:-@DOWNLOADS@}"

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

platform() {
  case "$(uname -s)" in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    *) fail "smugdl has no archive for $(uname -s); on Windows use install.ps1" ;;
  esac
  case "$(uname -m)" in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail "smugdl has no archive for $(uname -m) processors, only for x86-64 and arm64" ;;
  esac
  if [ "$os" = linux ]; then require_glibc; fi
  echo "$os-$arch"
}

# Node's official builds need it, and so does smugdl.
require_glibc() {
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || fail 'smugdl needs glibc 2.28 or later; this system has another C library (musl?)'
  glibc=${glibc#glibc }
  major=${glibc%%.*}
  minor=${glibc#*.}
  minor=${minor%%.*}
  if [ "$major" -lt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -lt 28 ]; }; then
    fail "smugdl needs glibc 2.28 or later; this system has $glibc"
  fi
}

fetch() {
  if command -v curl >/dev/null; then
    curl -fsSL -o "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q -O "$2" "$1"
  else
    fail 'curl or wget is needed to download'
  fi || fail "could not download $1"
}

sha256() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$1"
  elif command -v shasum >/dev/null; then
    shasum -a 256 "$1"
  else
    fail 'sha256sum or shasum is needed to check what was downloaded'
  fi | cut -d ' ' -f 1
}

unpack() {
  case "$1" in
    *.zip)
      command -v unzip >/dev/null || fail 'unzip is needed to unpack the archive'
      unzip -q "$1" -d "$2"
      ;;
    *)
      command -v xz >/dev/null || fail 'xz is needed to unpack the archive; on Debian and Ubuntu: apt-get install xz-utils'
      xz -dc "$1" | tar -xf - -C "$2"
      ;;
  esac
}

main() {
  if [ "$(id -u)" = 0 ]; then prefix="${PREFIX:-/usr/local}"; else prefix="${PREFIX:-$HOME/.local}"; fi
  name="smugdl-$version-$(platform)"
  case "$name" in
    *macos*) archive="$name.zip" ;;
    *) archive="$name.tar.xz" ;;
  esac

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
  fetch "$downloads/SHA256SUMS" "$work/SHA256SUMS"
  expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$work/SHA256SUMS")
  [ -n "$expected" ] || fail "SHA256SUMS does not list $archive"
  echo "Downloading $archive"
  fetch "$downloads/$archive" "$work/$archive"
  actual=$(sha256 "$work/$archive")
  [ "$actual" = "$expected" ] || fail "$archive is damaged: its SHA-256 is $actual, not $expected"
  unpack "$work/$archive" "$work"
  "$work/$name/smugdl" --version >/dev/null || fail "$name does not run on this machine"

  mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share/man/man1"
  rm -rf "$prefix/lib/smugdl.new"
  mv "$work/$name" "$prefix/lib/smugdl.new"
  rm -rf "$prefix/lib/smugdl"
  mv "$prefix/lib/smugdl.new" "$prefix/lib/smugdl"
  ln -sf ../lib/smugdl/smugdl "$prefix/bin/smugdl"
  ln -sf ../../../lib/smugdl/smugdl.1 "$prefix/share/man/man1/smugdl.1"
  echo "Installed $prefix/bin/smugdl, $("$prefix/bin/smugdl" --version)"
  case ":$PATH:" in
    *":$prefix/bin:"*) echo 'Try it: smugdl demo' ;;
    *) echo "$prefix/bin is not on your PATH yet; put this into your shell's profile: export PATH=\"$prefix/bin:\$PATH\"" ;;
  esac
}

# Called on the last line: half a script that was cut off while downloading does nothing.
main
