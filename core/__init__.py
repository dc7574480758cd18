"""The engine of Terakoya; it knows no Qt."""
