"""`manage.py import_churn_events FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import accounts that left or returned."""

    help = "Import accounts that left or returned from a CSV file. Good rows are stored, bad rows are reported."
    kind = "churn_events"
