"""Versions: library, lineage, manifest, export."""
