"""Pictures of every screen, in both languages and themes: `python -m tests.screenshots`."""
