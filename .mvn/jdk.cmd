@rem Called by mvnw.cmd and zoetrope.cmd: leaves JAVA_HOME at a JDK 25 or later, or says what to
@rem install and fails. Versions are read from each JDK's release file, without starting java.
@echo off
set "JDK_FOUND="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :consider "%%~dp$PATH:J.."
if defined JAVA_HOME_25_X64 call :consider "%JAVA_HOME_25_X64%"
for %%V in ("Eclipse Adoptium" Java Microsoft Zulu "Amazon Corretto" BellSoft OpenJDK) do (
  for /d %%D in ("%ProgramFiles%\%%~V\*") do call :consider "%%~D"
)
for /d %%D in ("%LOCALAPPDATA%\Programs\Eclipse Adoptium\*") do call :consider "%%~D"
for /d %%D in ("%USERPROFILE%\.jdks\*") do call :consider "%%~D"
for /d %%D in ("%USERPROFILE%\scoop\apps\*jdk*") do call :consider "%%~D\current"
if defined JDK_FOUND (
  set "JAVA_HOME=%JDK_FOUND%"
  set "JDK_FOUND="
  exit /b 0
)
echo Zoetrope needs a JDK 25 or later, and none was found.>&2
echo.>&2
echo Install it:>&2
echo   winget install EclipseAdoptium.Temurin.25.JDK>&2
echo or take Eclipse Temurin 25 from>&2
echo   https://adoptium.net/temurin/releases/?version=25>&2
echo.>&2
echo A JDK in an unusual place is found through JAVA_HOME.>&2
exit /b 1

:consider
if defined JDK_FOUND exit /b 0
if not exist "%~f1\bin\javac.exe" exit /b 0
findstr /r /c:"^JAVA_VERSION=.2[5-9]" /c:"^JAVA_VERSION=.[3-9][0-9]" "%~f1\release" >nul 2>&1
if not errorlevel 1 set "JDK_FOUND=%~f1"
exit /b 0
