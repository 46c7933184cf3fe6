"""What comes from systems is read here, and corrected there."""

from typing import Any

from django.http import HttpRequest


class Imported:
    """Rows that only imports write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Systems speak through imports."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A correction belongs into the system, and comes in again."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Erasing an account takes its rows along."""
        return False
