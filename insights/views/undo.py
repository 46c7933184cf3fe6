"""Taking back what was done on the desk."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from insights.models import Correction, ProblemEdit
from insights.services.bindings import CorrectionRefusedError
from insights.services.corrections import correction_undo
from insights.services.edits import EditRefusedError, edit_undo
from insights.views.acting import Action, back, refused, said


class UndoEdit(Action):
    """What was set on problems is as it was before."""

    permission_required = "insights.add_problemedit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo one edit."""
        try:
            edit_undo(edit=get_object_or_404(ProblemEdit, pk=pk))
        except EditRefusedError as error:
            refused(request, str(error))
        else:
            said(request, "Undone: it is as it was before.")
        return back(request, otherwise=reverse("insights:ranking"))


class UndoCorrection(Action):
    """What was corrected in the grouping is as it was before: this correction, then those that `also` names."""

    permission_required = "insights.add_correction"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo them all, or none."""
        also = [text for text in request.GET.getlist("also") if text.isascii() and text.isdecimal()]
        try:
            with transaction.atomic():
                for number in (pk, *map(int, also)):
                    correction_undo(correction=get_object_or_404(Correction, pk=number))
        except CorrectionRefusedError as error:
            refused(request, str(error))
        else:
            said(request, "Undone: every item is where it was before.")
        return back(request, otherwise=reverse("insights:ranking"))
