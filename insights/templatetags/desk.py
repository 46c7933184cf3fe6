"""The desk's frame: which pages there are, and which one is open."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

register = template.Library()


@dataclass(frozen=True)
class DeskPage:
    """An entry of the rail. `below` names the pages that are part of it; without the permission it is not shown."""

    name: str
    url: str
    below: tuple[str, ...] = ()
    permission: str = ""


PAGES = (
    DeskPage("Log feedback", "log", permission="feedback.add_feedbackitem"),
    DeskPage("Ranking", "ranking", ("problem", "merge", "split", "move", "tell", "about", "moved")),
    DeskPage("Roadmap", "roadmap"),
    DeskPage("Map", "map"),
    DeskPage("Review", "review", permission="insights.add_correction"),
    DeskPage("Unplaced", "unplaced"),
    DeskPage("What if", "what-if", ("scenario", "compare", "scenario-save", "scenario-update")),
    DeskPage("Accounts", "accounts", ("account",)),
)


@register.simple_tag(takes_context=True)
def desk_pages(context: Context) -> list[dict[str, object]]:
    """The pages of the rail, the open one marked."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    here = match.url_name if match and match.app_name == "insights" else ""
    return [
        {"name": page.name, "address": reverse(f"insights:{page.url}"), "current": here in (page.url, *page.below)}
        for page in PAGES
        if not page.permission or (request and request.user.has_perm(page.permission))
    ]
