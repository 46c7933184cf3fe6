"""What intake tells whoever wants to know. The receivers live above this app."""

from django.dispatch import Signal

# Sent inside the intake transaction with `item_ids`, the items that are new or whose text changed, and `changed_ids`,
# the known items of which any fact changed.
feedback_ingested = Signal()
