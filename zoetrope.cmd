@rem Starts Zoetrope from this checkout: without arguments the studio window, with arguments the
@rem command line. Builds what is out of date first.
@echo off
setlocal
call "%~dp0.mvn\jdk.cmd" || exit /b 1
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0.mvn\build.ps1" || exit /b 1
if not defined NVIDIA_TF32_OVERRIDE set NVIDIA_TF32_OVERRIDE=0
"%JAVA_HOME%\bin\java.exe" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dai.djl.offline=true -DOPT_OUT_TRACKING=true "@%~dp0target\launcher\java.args" dev.zoetrope.app.Main %*
exit /b %ERRORLEVEL%
