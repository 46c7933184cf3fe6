"""What support agents and administrators see of problems, rankings and keys."""

from insights.admin import (
    api_keys,
    decisions,
    discovery,
    edits,
    jira,
    problems,
    ranking,
    runs,
    saved_views,
    scenarios,
    surveys,
    told,
    webhooks,
    weights,
)

__all__ = [
    "api_keys",
    "decisions",
    "discovery",
    "edits",
    "jira",
    "problems",
    "ranking",
    "runs",
    "saved_views",
    "scenarios",
    "surveys",
    "told",
    "webhooks",
    "weights",
]
