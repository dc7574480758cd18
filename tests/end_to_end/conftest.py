"""The windows of these tests are opened and closed as those of tests/app."""

from tests.app.conftest import expected_warnings, open_window

__all__ = ["expected_warnings", "open_window"]
