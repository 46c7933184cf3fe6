"""What agents log by hand on a customer's behalf."""

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models


class LoggedItem(models.Model):
    """Who logged an item, and where it was said."""

    item = models.OneToOneField(
        "feedback.FeedbackItem", on_delete=models.CASCADE, related_name="logged", primary_key=True
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    link = models.CharField(
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="The ticket, call or mail that it was said in.",
    )
    logged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-logged_at", "-pk"]
        indexes = [models.Index(fields=["author", "-logged_at"], name="logged_by_author")]

    def __str__(self) -> str:
        return f"{self.item_id} logged by {self.author_id}"
