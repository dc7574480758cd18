"""Tests of what comes with the program: the sample corpus."""
