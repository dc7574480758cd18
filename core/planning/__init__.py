"""Memory, time and energy of a recipe on a device."""
