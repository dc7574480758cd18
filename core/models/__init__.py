"""Model families and their shared layers."""
