"""Scenarios: saved what-ifs. They never touch the ranked list."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Scenario(models.Model):
    """Other weights, and whose voice counts. What it leaves open is as in the ranking that it is held against."""

    name = models.CharField(max_length=120)
    weights = models.JSONField(default=dict, blank=True, help_text="The weights that differ, by name.")
    segment = models.CharField(max_length=100, blank=True, help_text="Only accounts of this segment count.")
    prospects = models.BooleanField(default=True, help_text="Whether prospects count.")
    without = models.ManyToManyField(
        "customers.Account", blank=True, related_name="+", help_text="Accounts whose families do not count."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="scenario_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
