"""Measuring versions."""
