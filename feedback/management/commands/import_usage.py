"""`manage.py import_usage FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import usage readings."""

    help = "Import usage readings from a CSV file. Good rows are stored, bad rows are reported."
    kind = "usage"
