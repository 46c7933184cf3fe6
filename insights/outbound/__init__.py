"""The way out: which addresses may be called, and one call."""
