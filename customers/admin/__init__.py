"""What support agents and administrators see of customers."""

from customers.admin import accounts, activity, churn, identity, rates, systems

__all__ = ["accounts", "activity", "churn", "identity", "rates", "systems"]
