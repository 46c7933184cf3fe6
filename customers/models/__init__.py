"""Tables of `customers`."""

from customers.models.accounts import Account, JourneyStage
from customers.models.activity import ChurnEvent, Invoice, NpsAnswer, UsageReading
from customers.models.churn import ChurnModel
from customers.models.contacts import Contact, Role
from customers.models.identity import AccountMerge, DuplicateProposal, DuplicateState
from customers.models.rates import ExchangeRate
from customers.models.states import AccountState
from customers.models.systems import SystemAccount, SystemPriority

__all__ = [
    "Account",
    "AccountMerge",
    "AccountState",
    "ChurnEvent",
    "ChurnModel",
    "Contact",
    "DuplicateProposal",
    "DuplicateState",
    "ExchangeRate",
    "Invoice",
    "JourneyStage",
    "NpsAnswer",
    "Role",
    "SystemAccount",
    "SystemPriority",
    "UsageReading",
]
