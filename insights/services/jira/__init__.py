"""Jira: problems linked to issues, figures written onto them, statuses read back."""
