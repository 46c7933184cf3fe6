"""`manage.py import_nps FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import NPS answers."""

    help = "Import NPS answers from a CSV file. Good rows are stored, bad rows are reported."
    kind = "nps"
