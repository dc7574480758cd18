"""Tests of core/objectives."""
