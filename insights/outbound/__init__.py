"""The way out: the calls to Jira."""
