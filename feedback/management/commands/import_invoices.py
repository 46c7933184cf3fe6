"""`manage.py import_invoices FILE`."""

from feedback.management.commands._import_table import ImportTableCommand


class Command(ImportTableCommand):
    """Import invoices."""

    help = "Import invoices from a CSV file. Good rows are stored, bad rows are reported; run again, nothing doubles."
    kind = "invoices"
