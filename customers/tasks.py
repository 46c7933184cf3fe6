"""Refreshes driven by the clock. Each may run twice without harm."""

import logging

from celery import shared_task
from django.utils import timezone

from customers.engine.churn.training import TooLittleHistoryError
from customers.services.activity import activity_refresh
from customers.services.churn_models import churn_model_train
from customers.services.duplicates import duplicates_propose
from customers.services.refresh import customers_refresh

logger = logging.getLogger(__name__)


@shared_task
def churn_model_train_weekly() -> None:
    """Learn from the history that has come in."""
    today = timezone.localdate()
    try:
        churn_model_train(today=today)
    except TooLittleHistoryError as error:
        logger.info("No churn model was trained: %s", error)
        return
    customers_refresh(today=today)


@shared_task
def duplicates_propose_daily() -> None:
    """Look for accounts that are one company."""
    duplicates_propose()


@shared_task
def account_states_record_daily() -> None:
    """Let dated facts age, score churn risk again and remember every account that changed."""
    today = timezone.localdate()
    activity_refresh(today=today)
    customers_refresh(today=today)
