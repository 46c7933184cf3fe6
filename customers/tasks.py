"""Refreshes driven by the clock. Each may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from customers.services.churn import churn_risk_refresh
from customers.services.states import account_states_record


@shared_task
def account_states_record_daily() -> None:
    """Score churn risk again and remember every account that changed."""
    today = timezone.localdate()
    churn_risk_refresh(today=today)
    account_states_record(today=today)
