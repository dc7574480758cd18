"""Supervises worker processes through job folders; imports no torch."""
