"""Identity: accounts that may be one company, and those that were made one."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from customers.querysets import DuplicateProposalQuerySet


class DuplicateState(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class DuplicateProposal(models.Model):
    """Two accounts that look like one company. A person decides; a pair that was rejected is never proposed again."""

    left = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="+")
    probability = models.DecimalField(max_digits=5, decimal_places=4)
    reasons = models.JSONField(default=list, help_text="What speaks for and against it, each with its points.")
    state = models.CharField(max_length=10, choices=DuplicateState, default=DuplicateState.OPEN)
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DuplicateProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-probability", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="duplicate_proposal_once_per_pair"),
            # One order for every pair, so that the pair is unique whichever way round it is found.
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="duplicate_proposal_left_before_right"),
            models.CheckConstraint(condition=Q(probability__range=(0, 1)), name="duplicate_proposal_probability"),
            models.CheckConstraint(condition=Q(state__in=DuplicateState.values), name="duplicate_proposal_state_known"),
            models.CheckConstraint(
                condition=Q(state=DuplicateState.OPEN, decided_at__isnull=True)
                | (~Q(state=DuplicateState.OPEN) & Q(decided_at__isnull=False)),
                name="duplicate_proposal_decided_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id}: {self.probability}"


class AccountMerge(models.Model):
    """One account made part of another. Nothing is moved, so that it can be undone bit for bit."""

    kept = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(encoder=DjangoJSONEncoder, help_text="The facts of the kept account before the merge.")
    earlier = models.JSONField(default=list, help_text="Accounts that were part of the merged one before.")
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="account_merge_stands_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="account_merge_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.kept_id}"
