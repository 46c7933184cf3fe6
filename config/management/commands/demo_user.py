"""`manage.py demo_user`: somebody to sign in as on a laptop."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

NAME, PASSWORD = "demo", "heard-demo"


class Command(BaseCommand):
    """Make the demo user."""

    help = "Make the user 'demo' for a look around. Local settings only."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make the user unless there is one.

        Raises:
            CommandError: these are not the local settings.
        """
        if not settings.DEBUG:
            raise CommandError("The demo user has a published password: it is for the local settings only.")
        users = get_user_model().objects
        if not users.filter(username=NAME).exists():
            users.create_superuser(username=NAME, password=PASSWORD)
        self.stdout.write(f"Sign in as '{NAME}' with the password '{PASSWORD}'.")
