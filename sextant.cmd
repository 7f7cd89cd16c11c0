@echo off
rem Runs the sextant command from a checkout on Windows: builds it where that is needed, then starts it.
setlocal
set "root=%~dp0"
set "cli=%root%src\Sextant.Cli\bin\Release\Sextant.Cli.dll"
if not exist "%cli%" echo sextant: building; the first time takes a few minutes 1>&2
dotnet build "%root%src\Sextant.Cli" -c Release --nologo -v quiet -clp:NoSummary 1>&2 || exit /b 1
dotnet "%cli%" %*
exit /b %errorlevel%
