"""The window's own parts: shelf, top bar, steps, guide, status bar."""
