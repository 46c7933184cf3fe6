"""Who may do what: four roles, kept as groups. Reading the desk takes no more than an account of one's own.

A viewer reads. An agent also logs feedback and keeps contacts. A product manager decides about problems. An
administrator may do everything, in the admin too.
"""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

DECIDES = {
    "insights": [
        "problem",
        "theme",
        "correction",
        "problemedit",
        "discoveryanswer",
        "proposal",
        "question",
        "savedview",
        "scenario",
        "surveyanswer",
        "told",
    ],
}
LOGS = {"feedback": ["feedbackitem"], "customers": ["contact"]}
VIEWER, AGENT, MANAGER, ADMINISTRATOR = "Viewer", "Agent", "Product manager", "Administrator"
WAYS = ("add", "change", "delete")
ROLES: dict[str, dict[str, list[str]] | None] = {
    VIEWER: {},
    AGENT: LOGS,
    MANAGER: {**LOGS, **DECIDES},
    # Whatever there is.
    ADMINISTRATOR: None,
}


def roles_keep(sender: Any = None, **_kwargs: Any) -> None:
    """Give each role what it may do. After every migration: new tables bring new permissions."""
    del sender
    for app in installed.get_app_configs():
        _permissions_made(app)
    for name, models in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(models))


def _permissions_made(app: AppConfig) -> None:
    if app.models_module is not None:
        create_permissions(app, verbosity=0)


def _permissions(models: dict[str, list[str]] | None) -> list[Permission]:
    found = Permission.objects.select_related("content_type")
    if models is None:
        return list(found)
    return [
        permission
        for permission in found
        if permission.content_type.model in models.get(permission.content_type.app_label, [])
        and permission.codename.split("_")[0] in WAYS
    ] + [permission for permission in found if permission.codename.startswith("view_")]
