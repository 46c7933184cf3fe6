"""Contacts: the people at an account."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What a person does at the account."""

    BUYER = "buyer", "Buyer"
    CHAMPION = "champion", "Champion"
    ADMIN = "admin", "Admin"
    USER = "user", "User"
    UNKNOWN = "unknown", "Unknown"


class Contact(models.Model):
    """One person, known by the e-mail address."""

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey("customers.Account", on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=10, choices=Role, default=Role.UNKNOWN)
    influence = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="How much this person's word decides, 0 to 1; blank to go by the role.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="contact_email_unique"),
            models.CheckConstraint(condition=~Q(email=""), name="contact_has_email"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="contact_role_known"),
            models.CheckConstraint(
                condition=Q(influence__isnull=True) | Q(influence__range=(0, 1)), name="contact_influence_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email
