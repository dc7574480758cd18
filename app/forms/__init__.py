"""A configuration class becomes a form, with an error at its field."""
