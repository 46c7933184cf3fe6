"""Who was told what became of a problem. Nobody is told the same twice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from insights.models.problems import Status
from insights.querysets import ToldQuerySet


class ToldState(models.TextChoices):
    """How the telling stands. What stays at *sending* may have arrived: the server stopped in the middle of it."""

    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Refused"
    EXPORTED = "exported", "Exported"


class Told(models.Model):
    """One person, what they were told about a problem, and in which words."""

    problem = models.ForeignKey("insights.Problem", on_delete=models.PROTECT, related_name="told")
    news = models.CharField(max_length=12, choices=Status, help_text="The status of the problem that was told.")
    email = models.EmailField(max_length=254, help_text="In small letters: one person has one address.")
    contact = models.ForeignKey("customers.Contact", on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=ToldState, default=ToldState.QUEUED)
    reason = models.TextField(blank=True, help_text="Why it was refused.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, help_text="When it was sent, refused or exported.")

    objects = ToldQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "told person"
        verbose_name_plural = "told people"
        constraints = [
            models.UniqueConstraint(fields=["problem", "news", "email"], name="told_once"),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="told_email_in_small_letters"),
            models.CheckConstraint(condition=Q(state__in=ToldState.values), name="told_state_known"),
            models.CheckConstraint(condition=Q(news__in=Status.values), name="told_news_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} about P-{self.problem_id}: {self.news}"
