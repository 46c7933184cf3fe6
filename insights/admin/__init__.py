"""What support agents and administrators see of problems, rankings and keys."""

from insights.admin import api_keys, decisions, jira, problems, ranking, runs, webhooks

__all__ = ["api_keys", "decisions", "jira", "problems", "ranking", "runs", "webhooks"]
