"""Tests of core/planning."""
