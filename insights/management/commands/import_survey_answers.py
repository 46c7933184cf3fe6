"""`manage.py import_survey_answers FILE`."""

from feedback.management.commands._import_table import ImportTableCommand
from insights.services.surveys import KIND


class Command(ImportTableCommand):
    """Import answers of surveys."""

    help = "Import answers of surveys from a CSV file. Good rows are stored, bad rows are reported."
    kind = KIND
