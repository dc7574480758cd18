"""The window: Qt front end over the engine."""
