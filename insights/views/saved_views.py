"""Saving the list as somebody looks at it, and taking a saved view away."""

from typing import cast

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from insights.models import SavedView
from insights.views.acting import Action, refused, said

NAME_CHARACTERS, QUERY_CHARACTERS = 60, 2000


class ViewSave(Action):
    """The filters, columns and order of the page, under a name."""

    permission_required = "insights.add_savedview"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it, and show it."""
        name = " ".join(request.POST.get("name", "").replace("\x00", "").split())
        query = request.POST.get("query", "").replace("\x00", "")
        where = f"{reverse('insights:ranking')}?{query}"
        if not name or len(name) > NAME_CHARACTERS:
            refused(request, f"A view needs a name of 1 to {NAME_CHARACTERS} characters.")
        elif len(query) > QUERY_CHARACTERS:
            refused(request, "These are too many filters for a view.")
        else:
            try:
                with transaction.atomic():
                    SavedView.objects.create(name=name, query=query, author=cast("User", request.user))
            except IntegrityError:
                refused(request, f"There is a view “{name}” already: choose another name, or delete that one first.")
            else:
                said(request, f"Everybody finds this as “{name}” above the list.")
        return redirect(where)


class ViewDelete(Action):
    """A saved view goes; it can be saved again from where one lands."""

    permission_required = "insights.delete_savedview"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete it, and show what it showed."""
        view = get_object_or_404(SavedView, pk=pk)
        view.delete()
        said(request, f"The view “{view.name}” is gone. This is what it showed: saving it again brings it back.")
        return redirect(f"{reverse('insights:ranking')}?{view.query}")
