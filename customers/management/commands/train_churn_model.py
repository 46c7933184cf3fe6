"""`manage.py train_churn_model`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.engine.churn.training import TooLittleHistoryError
from customers.services.churn_models import churn_model_train
from customers.services.refresh import customers_refresh


class Command(BaseCommand):
    """Train a churn model on the book's own history."""

    help = "Train a churn model on the book's own history; it is put to use when it does better than the scorecard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument("--json", action="store_true", help="Print the model's card as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Train, judge everybody again, and say how good the model is.

        Raises:
            CommandError: there is too little history.
        """
        today = timezone.localdate()
        try:
            model = churn_model_train(today=today)
        except TooLittleHistoryError as error:
            raise CommandError(str(error)) from None
        customers_refresh(today=today)
        card = model.card
        if options["json"]:
            self.stdout.write(json.dumps({"version": model.version, "in_use": model.in_use, **card}, indent=2))
            return
        measured, scorecard = card["model"], card["scorecard"]
        rivals = f"base rate {card['base_brier']:.4f}" + (f", scorecard {scorecard['brier']:.4f}" if scorecard else "")
        self.stdout.write(
            f"{model}: learned from {card['rows']:,} rows on {len(card['days'])} days, of which "
            f"{card['churned']:,} left within a year.\n"
            f"Tested on {card['tested']:,} accounts of {card['tested_on']}, a later day: "
            f"AUC {measured['auc']:.3f}, Brier {measured['brier']:.4f} ({rivals}), "
            f"calibration error {measured['calibration_error']:.3f}."
        )
        self.stdout.write("In use." if model.in_use else "Not in use: it did no better. The model before it stays.")
