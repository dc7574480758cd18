@echo off
rem start.bat [WORDS...]       sets up on the first start, then opens the window, or runs main.py's command
rem start.bat test, bench       every check and test; the benchmarks
rem TERAKOYA_PYTHON chooses the interpreter, TERAKOYA_TORCH_INDEX the index that torch comes from;
rem with TERAKOYA_DRY_RUN=1 setting up only says what it would do.
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "PY=%ROOT%.venv\Scripts\python.exe"
set "MARKS=%ROOT%.venv\terakoya"
set "WANTED=run"
if "%~1"=="test" set "WANTED=test"
if "%~1"=="bench" set "WANTED=test"

rem The marks that core\install wrote when it had finished; a start must not wait for Python to look.
if defined TERAKOYA_DRY_RUN goto setup
if not exist "%PY%" goto setup
fc /b "%ROOT%pyproject.toml" "%MARKS%\%WANTED%.toml" >nul 2>&1 || goto setup
if not exist "%MARKS%\no-driver" goto ready
rem A GPU that came later wants another torch.
where nvidia-smi >nul 2>&1 || goto ready

:setup
set "PYTHON="
if not defined TERAKOYA_PYTHON goto search
"%TERAKOYA_PYTHON%" -I -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 || (
    echo TERAKOYA_PYTHON names no Python 3.11 or newer. 1>&2
    exit /b 2
)
set PYTHON="%TERAKOYA_PYTHON%"
goto install

:search
for %%V in (3.14 3.13 3.12 3.11) do if not defined PYTHON py -%%V -c "" >nul 2>&1 && set "PYTHON=py -%%V"
for %%P in (python python3) do if not defined PYTHON %%P -I -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && set "PYTHON=%%P"
if not defined PYTHON (
    echo Terakoya needs Python 3.11 or newer. Install it from https://www.python.org, then run start.bat again. 1>&2
    exit /b 2
)

:install
%PYTHON% -I "%ROOT%core\install" %WANTED%
if not "%ERRORLEVEL%"=="0" exit /b %ERRORLEVEL%
if defined TERAKOYA_DRY_RUN exit /b 0

:ready
if "%WANTED%"=="test" goto test
set "TERAKOYA_STARTED_AS=start.bat"
"%PY%" "%ROOT%main.py" %*
exit /b %ERRORLEVEL%

:test
pushd "%ROOT%"
"%PY%" -m tests %*
set "CODE=%ERRORLEVEL%"
popd
exit /b %CODE%
