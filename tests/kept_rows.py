"""A world that takes seconds to make, made once a day and put back as rows afterwards."""

import datetime as dt
from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

APPS = ("customers", "feedback", "insights")


class KeptRows:
    """The rows that `make` leaves in an empty database, kept in memory until the day changes: ages count from today."""

    def __init__(self, make: Callable[[], object]) -> None:
        """Nothing is made yet."""
        self._make = make
        self._made_on: dt.date | None = None
        self._rows: dict[type[Model], list[Any]] = {}

    def put(self) -> None:
        """Make the world, or put its rows back."""
        if self._made_on != timezone.localdate():
            self._make()
            found = {model: list(model._base_manager.order_by("pk")) for model in models_of(APPS)}
            self._rows = {model: rows for model, rows in found.items() if rows}
            self._made_on = timezone.localdate()
            return
        # Rows point at each other: whether they may is looked at when all are there.
        with transaction.atomic():
            for model, rows in self._rows.items():
                # Tables that a migration fills are filled already.
                model._base_manager.all().delete()
                model._base_manager.bulk_create([copy(row) for row in rows])
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
                cursor.execute(statement)


def models_of(labels: Iterable[str]) -> list[type[Model]]:
    """The tables of these apps, those between two others too."""
    return [
        model
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
