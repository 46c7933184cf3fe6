"""The project as a Django app, so that its commands, templates and static files are found."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "config"
