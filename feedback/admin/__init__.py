"""Feedback in the admin."""

from feedback.admin import connections, inbound, items, work

__all__ = ["connections", "inbound", "items", "work"]
