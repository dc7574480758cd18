"""Model families without their arithmetic: sizes, config.json, papers. Imports no torch."""
