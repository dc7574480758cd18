"""Import and export in the worker: what needs the models themselves."""
