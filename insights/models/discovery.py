"""Discovery cards: what a product manager finds out about a problem before deciding."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DiscoveryQuestion(models.TextChoices):
    """What to know before building anything."""

    CHALLENGE = "challenge", "What is the challenge?"
    OUTCOME = "outcome", "What outcome do they want?"
    TODAY = "today", "What do they do today?"
    SIZE = "size", "How big is it for them?"
    OTHERS = "others", "Who else has it?"
    MARKET = "market", "Is there a market beyond those who ask?"


class DiscoveryAnswer(models.Model):
    """One answer. Answering anew adds a row: the newest counts, and taking it back shows the one before."""

    problem = models.ForeignKey("insights.Problem", on_delete=models.PROTECT, related_name="discovery")
    question = models.CharField(max_length=10, choices=DiscoveryQuestion)
    text = models.TextField(max_length=4000, blank=True, help_text="Blank: nobody knows any more.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(question__in=DiscoveryQuestion.values), name="discovery_question_known")
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()} P-{self.problem_id}"
