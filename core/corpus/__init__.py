"""Corpora: readers, cleaning, split and store."""
