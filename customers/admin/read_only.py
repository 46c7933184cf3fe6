"""Rows that nobody edits by hand."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Rows that services write: looked at here, corrected where they come from."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are written by the work that needs them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was written stays as it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They go with what they belong to."""
        return False
