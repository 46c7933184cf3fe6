"""`manage.py import_contacts FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import contacts."""

    help = "Import contacts from a CSV file. Good rows are stored, bad rows are reported; run again, nothing doubles."
    kind = "contacts"
