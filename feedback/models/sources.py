"""Sources: the systems that feedback comes from."""

from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

PLACE = "{id}"


def link_check(text: str) -> None:
    """Refuse what is no web address with a place for an id.

    Raises:
        ValidationError: it is none.
    """
    if not text.startswith(("https://", "http://")) or PLACE not in text:
        raise ValidationError("Write a web address with {id} in it, such as https://desk.example/tickets/{id}.")


class Source(models.Model):
    """One system, such as a help desk."""

    key = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100, blank=True)
    link = models.CharField(
        max_length=300,
        blank=True,
        validators=[link_check],
        help_text="The address of an item there, {id} standing for its id: https://desk.example/tickets/{id}",
    )

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="source_has_key")]

    def __str__(self) -> str:
        return self.name or self.key

    def address_of(self, external_id: str) -> str:
        """Where an item of this source is read; blank when nobody said where its items are."""
        return self.link.replace(PLACE, quote(external_id, safe=""))
