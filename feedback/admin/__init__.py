"""Feedback in the admin."""

from feedback.admin import connections, inbound, items, logged, work

__all__ = ["connections", "inbound", "items", "logged", "work"]
