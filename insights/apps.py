"""What it means: problems, rankings, the API, the pages of product managers."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = "Insights"

    def ready(self) -> None:
        """Tell intake what to ring for, and the schema about keys. Models are ready only now: hence imports here."""
        import insights.api.schema  # noqa: F401, PLC0415
        from customers.signals import customers_changed  # noqa: PLC0415
        from feedback.signals import feedback_ingested  # noqa: PLC0415
        from insights.services.outbox import feedback_tell  # noqa: PLC0415
        from insights.services.surveys import survey_import_register  # noqa: PLC0415
        from insights.services.triage import customers_follow, feedback_follow, job_kinds_register  # noqa: PLC0415

        job_kinds_register()
        survey_import_register()
        feedback_ingested.connect(feedback_follow, dispatch_uid="triage")
        feedback_ingested.connect(feedback_tell, dispatch_uid="webhooks")
        customers_changed.connect(customers_follow, dispatch_uid="triage")
