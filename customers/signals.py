"""What the apps above may want to know."""

from django.dispatch import Signal

# Facts of customers changed: accounts, contacts, rates, merges. Sent once for a batch, in its transaction.
customers_changed = Signal()
