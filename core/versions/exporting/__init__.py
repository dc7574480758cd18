"""Versions in the formats of other programs. Imports no torch."""
