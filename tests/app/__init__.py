"""Tests of the window, drawn in memory."""
