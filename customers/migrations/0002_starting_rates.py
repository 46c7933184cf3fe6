"""Rates to start with, so that amounts in the common currencies convert before anybody has entered rates."""

import datetime as dt
from decimal import Decimal

from django.db import migrations

# What a euro bought at the end of 2024. Not an official table: a place to start from until somebody enters rates.
VALID_FROM = dt.date(2024, 12, 31)
PER_EURO = {
    "EUR": "1", "USD": "1.0389", "GBP": "0.82918", "CHF": "0.9412", "JPY": "163.06", "AUD": "1.6772", "CAD": "1.4948",
    "SEK": "11.4590", "NOK": "11.7950", "DKK": "7.4578", "PLN": "4.2750",
}


def add_rates(apps, schema_editor):
    rates = apps.get_model("customers", "ExchangeRate")
    rates.objects.bulk_create(
        [
            rates(currency=currency, valid_from=VALID_FROM, per_euro=Decimal(per_euro))
            for currency, per_euro in PER_EURO.items()
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(add_rates, migrations.RunPython.noop, elidable=False)]
