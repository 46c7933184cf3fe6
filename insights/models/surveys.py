"""Surveys: how important customers say a problem is, and how well it is solved for them today."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

LOWEST, HIGHEST = 1, 10
RATING = [MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]


def validate_has_come(day: dt.date) -> None:
    """Refuse a day that has not come; a day of clock skew is forgiven.

    Raises:
        ValidationError: it lies in the future.
    """
    if day > timezone.localdate() + dt.timedelta(days=1):
        raise ValidationError(f"{day} is in the future.")


class SurveyAnswer(models.Model):
    """One respondent's ratings of one problem. Told of a problem that was merged, it counts for what that became."""

    problem = models.ForeignKey("insights.Problem", on_delete=models.PROTECT, related_name="survey_answers")
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="survey_answers",
        help_text="Who answered.",
    )
    account = models.ForeignKey(
        "customers.Account",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="survey_answers",
        help_text="Of an answer that names no person; its family counts once.",
    )
    system = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    importance = models.PositiveSmallIntegerField(
        validators=RATING, help_text="How important it is to get this done, 1 to 10."
    )
    satisfaction = models.PositiveSmallIntegerField(
        validators=RATING, help_text="How satisfied with what there is today, 1 to 10."
    )
    asked_on = models.DateField(validators=[validate_has_come])

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["system", "external_id"], name="survey_answer_once_per_system"),
            models.CheckConstraint(condition=~Q(system=""), name="survey_answer_has_system"),
            models.CheckConstraint(condition=~Q(external_id=""), name="survey_answer_has_external_id"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, account__isnull=True)
                | Q(contact__isnull=True, account__isnull=False),
                name="survey_answer_has_one_respondent",
                violation_error_message="Say who answered: either a contact or an account.",
            ),
            models.CheckConstraint(
                condition=Q(importance__range=(LOWEST, HIGHEST)), name="survey_answer_importance_in_range"
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__range=(LOWEST, HIGHEST)), name="survey_answer_satisfaction_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.importance}, {self.satisfaction} for P-{self.problem_id} on {self.asked_on}"
