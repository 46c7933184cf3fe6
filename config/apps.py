"""The project as a Django app, so that its commands, templates and static files are found."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ConfigApp(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Keep the roles as the code says. The groups are models, ready only now: hence the import here."""
        from config.roles import roles_keep  # noqa: PLC0415

        # An app without tables of its own is not told of migrations.
        post_migrate.connect(roles_keep, sender=apps.get_app_config("insights"), dispatch_uid="roles")
