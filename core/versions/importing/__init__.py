"""Foreign models as they lie on a disk: read and checked, never executed. Imports no torch."""
