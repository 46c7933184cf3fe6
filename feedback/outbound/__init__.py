"""Calling other machines: which addresses may be called, and one call."""
