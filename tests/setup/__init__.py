"""Setting up: start.sh and core/install."""
