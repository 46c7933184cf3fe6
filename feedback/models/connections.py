"""Connections: the systems that feedback comes from by itself, how they are reached, and how they have been doing."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from feedback.outbound.addresses import AddressRefusedError
from feedback.querysets import ConnectionQuerySet
from feedback.sources.mapping import mapping_faults
from feedback.sources.registry import SYSTEMS

SYSTEM_CHOICES = [(system.name, system.label) for system in SYSTEMS.values()]


class Connection(models.Model):
    """One installation of a system that calls us, that we ask, or both."""

    slug = models.CharField(
        "name",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9_-]+\Z", "Use small letters, digits, - and _.")],
        help_text="Small letters, digits, - and _. It is the source of the items and a part of the webhook's address.",
    )
    system = models.CharField(max_length=20, choices=SYSTEM_CHOICES)
    enabled = models.BooleanField(default=True)
    mapping = models.JSONField(
        default=dict, blank=True, help_text='Generic JSON: our fields and where theirs are: {"body": "ticket.text"}.'
    )
    secret = models.TextField(blank=True, editable=False, help_text="Of the webhook; encrypted.")
    old_secret = models.TextField(blank=True, editable=False, help_text="Encrypted.")
    old_secret_until = models.DateTimeField(null=True, editable=False, help_text="It is accepted until then.")
    url = models.CharField("address", max_length=300, blank=True, help_text="To be asked; blank to be called only.")
    login = models.CharField(max_length=254, blank=True)
    token = models.TextField(blank=True, editable=False, help_text="Encrypted.")
    since = models.DateTimeField(
        "read from", null=True, blank=True, help_text="What was last touched before is left out; blank for all."
    )
    cursor = models.TextField(blank=True, editable=False, help_text="How far it has been read; blank for not at all.")
    read = models.PositiveIntegerField("pieces read", default=0, editable=False, help_text="Since it was begun.")
    read_at = models.DateTimeField("read to the end at", null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False, help_text="It is not asked before; none to be asked now.")
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    notice = models.CharField(
        max_length=500, blank=True, editable=False, help_text="Why it is not asked until somebody does something."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=~Q(slug=""), name="connection_has_slug"),
            models.CheckConstraint(condition=Q(system__in=list(SYSTEMS)), name="connection_system_known"),
            models.CheckConstraint(
                condition=Q(old_secret="") | Q(old_secret_until__isnull=False), name="connection_old_secret_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        """Refuse what could never work; the address is checked again before every call.

        Raises:
            ValidationError: with the reason, at the field.
        """
        system = SYSTEMS.get(self.system)
        if system is None:
            return
        errors: dict[str, Any] = {}
        faults = mapping_faults(self.mapping, known=system.mapped)
        if faults:
            errors["mapping"] = faults
        refusal = self._address_refusal()
        if refusal:
            errors["url"] = refusal
        if errors:
            raise ValidationError(errors)

    def _address_refusal(self) -> str:
        pull = SYSTEMS[self.system].pull
        if pull is None:
            return "This system calls us: it is asked nothing. Leave the address blank." if self.url else ""
        if not self.url:
            return "" if SYSTEMS[self.system].hook else f"Write the address, such as {pull.url_hint}."
        try:
            pull.target(self.url, allow=settings.HEARD_WEBHOOK_ALLOW)
        except AddressRefusedError as refused:
            return str(refused)
        return ""
