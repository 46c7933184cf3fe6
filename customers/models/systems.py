"""Systems: what each of them says about a company, and which of them is believed."""

from django.db import models
from django.db.models import Q


class SystemAccount(models.Model):
    """A company as one system describes it. An account's facts are what its systems say, chosen by priority."""

    system = models.CharField(max_length=40, help_text="Such as crm or billing.")
    external_id = models.CharField(max_length=100, help_text="The id that the system uses.")
    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="system_accounts")
    facts = models.JSONField(
        default=dict, blank=True, help_text='Field to what was said and the day: {"arr": ["1200.00", "2026-03-31"]}.'
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["system", "external_id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="system_account_once_per_system"),
            models.CheckConstraint(condition=~Q(system=""), name="system_account_has_system"),
            models.CheckConstraint(condition=~Q(external_id=""), name="system_account_has_external_id"),
        ]
        indexes = [models.Index(fields=["external_id"])]

    def __str__(self) -> str:
        return f"{self.system} {self.external_id}"


class SystemPriority(models.Model):
    """Whom to believe when systems disagree: the smaller number wins, then the newer word."""

    system = models.CharField(max_length=40)
    field = models.CharField(max_length=40, blank=True, help_text="One fact, such as arr; blank for all.")
    priority = models.PositiveSmallIntegerField(help_text="The smaller number wins. A system that has none counts 100.")

    class Meta:
        ordering = ["priority", "system", "field"]
        verbose_name_plural = "system priorities"
        constraints = [
            models.UniqueConstraint(fields=["system", "field"], name="system_priority_once_per_field"),
            models.CheckConstraint(condition=~Q(system=""), name="system_priority_has_system"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.field or 'all facts'}: {self.priority}"
