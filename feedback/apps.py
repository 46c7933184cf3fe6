"""What they said: sources, intake, redaction, background jobs."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback"

    def ready(self) -> None:
        """Make jobs known, and look again for the accounts of items when customers change. Models are ready only now:
        hence imports here."""
        from customers.signals import customers_changed  # noqa: PLC0415
        from feedback.services.inbound import inbound_kind_register  # noqa: PLC0415
        from feedback.services.items import accounts_link_again  # noqa: PLC0415
        from feedback.services.pulling import pull_kind_register  # noqa: PLC0415

        inbound_kind_register()
        pull_kind_register()
        customers_changed.connect(accounts_link_again, dispatch_uid="links")
