"""`manage.py import_accounts FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import accounts."""

    help = "Import accounts from a CSV file. Good rows are stored, bad rows are reported; run again, nothing doubles."
    kind = "accounts"
