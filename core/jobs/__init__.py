"""Kinds of jobs: a name, a configuration class, and the dotted name of the function that does it."""
