@echo off
rem Sets Terakoya up on the first start, then runs it: start.bat [main.py's arguments | test | bench]
rem TERAKOYA_PYTHON chooses the interpreter, TERAKOYA_TORCH_INDEX the index that PyTorch comes from.
setlocal EnableExtensions
cd /d "%~dp0"
set "VENV=.venv"
set "PY=%VENV%\Scripts\python.exe"
set "STAMP=%VENV%\terakoya-installed"
set "GROUP=run"
if "%~1"=="test" set "GROUP=test"
if "%~1"=="bench" set "GROUP=test"

for /f "tokens=1" %%H in ('certutil -hashfile pyproject.toml SHA256 ^| findstr /v ":"') do set "HASH=%%H"
set "HAVE="
if exist "%STAMP%" set /p HAVE=<"%STAMP%"
if not exist "%PY%" goto setup
if "%HAVE%"=="%HASH% test" goto ready
if "%HAVE%"=="%HASH% run" if "%GROUP%"=="run" goto ready

:setup
set "PYTHON="
if defined TERAKOYA_PYTHON set "PYTHON=%TERAKOYA_PYTHON%"
if not defined PYTHON for %%V in (3.14 3.13 3.12 3.11) do if not defined PYTHON py -%%V -c "" >nul 2>&1 && set "PYTHON=py -%%V"
if not defined PYTHON python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1 && set "PYTHON=python"
if not defined PYTHON (
    echo Terakoya needs Python 3.11 or newer: install it from https://www.python.org and start again.
    exit /b 2
)
echo Setting up Terakoya ^(only on the first start^) ...
if exist "%STAMP%" del "%STAMP%"
"%PY%" -c "import pip" >nul 2>&1 || (
    if exist "%VENV%" rmdir /s /q "%VENV%"
    %PYTHON% -m venv "%VENV%" || exit /b 1
)
"%PY%" -c "import importlib.metadata as m, sys; sys.exit(not m.version('torch').startswith('2.13.'))" >nul 2>&1 && goto rest
set "INDEX="
if defined TERAKOYA_TORCH_INDEX (set "INDEX=%TERAKOYA_TORCH_INDEX%") else (
    where nvidia-smi >nul 2>&1 && set "INDEX=https://download.pytorch.org/whl/cu130"
)
if defined INDEX (
    "%PY%" -c "import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + '/torch/', timeout=6)" "%INDEX%" >nul 2>&1 || set "INDEX="
)
if defined INDEX (
    "%PY%" -m pip install -q "torch~=2.13.0" --index-url "%INDEX%" --extra-index-url https://pypi.org/simple || exit /b 1
) else (
    "%PY%" -m pip install -q "torch~=2.13.0" || exit /b 1
)
:rest
"%PY%" -c "import sys, tomllib; d = tomllib.load(open('pyproject.toml', 'rb')); print('\n'.join(d['project']['dependencies'] + (d['dependency-groups']['test'] if sys.argv[1] == 'test' else [])))" %GROUP% > "%VENV%\requirements.txt" || exit /b 1
"%PY%" -m pip install -q -r "%VENV%\requirements.txt" || exit /b 1
>"%STAMP%" echo %HASH% %GROUP%

:ready
if "%~1"=="test" goto test
if "%~1"=="bench" goto bench
"%PY%" main.py %*
exit /b %errorlevel%

:bench
"%PY%" -m tests.benchmarks %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%

:test
set "QT_QPA_PLATFORM=offscreen"
set "FAILED=0"
"%VENV%\Scripts\ruff" format --check . || set "FAILED=1"
"%VENV%\Scripts\ruff" check . || set "FAILED=1"
"%VENV%\Scripts\basedpyright" || set "FAILED=1"
"%VENV%\Scripts\lint-imports" || set "FAILED=1"
"%PY%" -m pytest %2 %3 %4 %5 %6 %7 %8 %9 || set "FAILED=1"
exit /b %FAILED%
