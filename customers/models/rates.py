"""Exchange rates: what turns every amount into the base currency."""

from django.db import models
from django.db.models import Q

from customers.querysets import ExchangeRateQuerySet


class ExchangeRate(models.Model):
    """Units of a currency that one euro bought from a day on. Cross rates go through the euro."""

    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    per_euro = models.DecimalField(max_digits=16, decimal_places=6)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="exchange_rate_one_per_day"),
            models.CheckConstraint(condition=Q(per_euro__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"1 EUR = {self.per_euro} {self.currency} from {self.valid_from}"
