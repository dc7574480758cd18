"""What lies in archives, one member after another."""
