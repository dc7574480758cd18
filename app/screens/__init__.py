"""One folder for each screen; none imports another."""
