"""Tables of `customers`."""

from customers.models.accounts import Account, JourneyStage
from customers.models.contacts import Contact, Role
from customers.models.rates import ExchangeRate
from customers.models.states import AccountState

__all__ = ["Account", "AccountState", "Contact", "ExchangeRate", "JourneyStage", "Role"]
