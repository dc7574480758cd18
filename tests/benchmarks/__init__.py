"""Benchmarks, one module each with `run() -> list[Row]`; `python -m tests.benchmarks [NAME...]` runs them."""
