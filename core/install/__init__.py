"""Fills `.venv` for start.sh and start.bat: needs nothing but Python, and mends what broke off."""
