"""`manage.py import_feedback FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import feedback."""

    help = "Import feedback from a CSV file. Good rows are stored, bad rows are reported; run again, nothing doubles."
    kind = "feedback"
