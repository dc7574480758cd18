"""Whole stories, as users live them."""
