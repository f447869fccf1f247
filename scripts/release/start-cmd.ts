/** What a double click on Windows needs: a window that stays until Enter. Its name in the archive. */
export const startCmdName = 'Start smugdl.cmd'

/** `smugdl` alone asks for all that it needs, and goes on with the home used last. cmd reads CR LF only. */
export const startCmd = [
  '@echo off',
  'title smugdl',
  'rem Not into the folder of the program, which an update replaces.',
  'cd /d "%USERPROFILE%"',
  '"%~dp0smugdl.exe"',
  'echo.',
  'set /p "smugdl_end=Press Enter to close this window. "',
  '',
].join('\r\n')
