"""Checks and tests: `python -m tests test` runs them all, `python -m tests bench` the benchmarks."""
