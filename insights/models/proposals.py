"""Proposals and questions: what a run would like a person to decide."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from insights.querysets import DecidableQuerySet


class ProposalKind(models.TextChoices):
    """What accepting would do."""

    MERGE = "merge", "Merge two problems"
    SPLIT = "split", "Split off a new problem"
    MOVE = "move", "Move items"


class Decision(models.TextChoices):
    """What became of a proposal or a question."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    OBSOLETE = "obsolete", "No longer asked"


class Decidable(models.Model):
    """Something that waits for a person's yes or no."""

    state = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    run = models.ForeignKey("insights.Run", on_delete=models.CASCADE, related_name="%(class)ss")
    gain = models.FloatField(help_text="What deciding is expected to be worth; the largest comes first.")
    correction = models.OneToOneField(
        "insights.Correction", on_delete=models.SET_NULL, null=True, blank=True, related_name="%(class)s"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DecidableQuerySet.as_manager()

    class Meta:
        abstract = True


class Proposal(Decidable):
    """A change to the grouping that the engine suggests and a person accepts or rejects."""

    kind = models.CharField(max_length=10, choices=ProposalKind)
    problem = models.ForeignKey("insights.Problem", on_delete=models.PROTECT, related_name="proposals")
    target = models.ForeignKey(
        "insights.Problem", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals_to_join"
    )
    item_ids = models.JSONField(help_text="The items that would change their problem, the most telling first.")

    class Meta:
        ordering = ["-gain", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ProposalKind.values), name="proposal_kind_known"),
            models.CheckConstraint(condition=Q(state__in=Decision.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(kind="split", target__isnull=True) | (~Q(kind="split") & Q(target__isnull=False)),
                name="proposal_target_unless_split",
            ),
            models.CheckConstraint(condition=~Q(problem=F("target")), name="proposal_joins_two_problems"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: P-{self.problem_id}"


class Question(Decidable):
    """Two items: do they speak of the same problem?"""

    item = models.ForeignKey("feedback.FeedbackItem", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("feedback.FeedbackItem", on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-gain", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Decision.values), name="question_state_known"),
            models.CheckConstraint(condition=Q(item__lt=F("other")), name="question_pair_in_order"),
            models.UniqueConstraint(
                fields=["item", "other"], condition=Q(state="open"), name="question_open_once_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"Same problem? {self.item_id} and {self.other_id}"
