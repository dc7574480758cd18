"""Writing text with a version."""
