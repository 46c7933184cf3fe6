"""Doing something on a page: who may, what is said afterwards, and where it leads."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View


class Action(PermissionRequiredMixin, View):
    """Something that is done by POST, by those who may. Subclasses name `permission_required` and define `post`."""

    http_method_names = ("post",)
    # Somebody who is signed in and may not is told so, not sent to sign in again.
    raise_exception = True


def said(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say what was done above the next page or fragment; `undo` is the address that takes it back."""
    messages.success(request, text, extra_tags=undo)


def refused(request: HttpRequest, text: str) -> None:
    """Say why something was not done."""
    messages.error(request, text)


def back(request: HttpRequest, *, otherwise: str) -> HttpResponse:
    """To the page that the form names in `next`, or to this address."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = otherwise
    return redirect(wanted)
