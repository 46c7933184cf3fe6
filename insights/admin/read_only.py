"""Rows that nobody edits by hand."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Rows that services write: looked at here, never edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False
