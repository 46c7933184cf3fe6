"""The way out: which addresses may be called, one call, and the calls to Jira."""
