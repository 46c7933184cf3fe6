"""Closing the loop: who asked about a problem, and telling them what became of it. Nobody is told the same twice."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from insights.models import Membership, Problem, Status, Told, ToldState
from insights.services.drafts import NEWS, Draft, Group, draft_filled, group_of
from insights.services.due import tell_queue
from insights.services.evidence import shortened

BATCH = 500


@dataclass(frozen=True)
class Asker:
    """Somebody who asked about a problem, with what they said last."""

    email: str
    contact_id: int | None
    name: str
    group: Group
    account: str
    # The account is no customer any more.
    left: bool
    quote: str
    said_on: dt.date


@dataclass(frozen=True)
class Asked:
    """Who asked: those not told yet, and how many items name nobody who could be written to, by company."""

    people: Sequence[Asker]
    without_address: Sequence[tuple[str, int]]


class TellRefusedError(ValueError):
    """Something that cannot be told. The text says why and what to do."""


def can_send() -> bool:
    """Whether there is a mail server, and a sender."""
    return bool(settings.DEFAULT_FROM_EMAIL) and "dummy" not in settings.EMAIL_BACKEND


def news_of(problem: Problem) -> Status | None:
    """What there is to tell about a problem now."""
    return Status(problem.status) if problem.status in NEWS else None


def askers_of(*, problem: Problem, news: Status) -> Asked:
    """Who asked about a problem and was not told this news of it, in the order of their names."""
    told = set(Told.objects.about(problem).filter(news=news).values_list("email", flat=True))
    people: dict[str, Asker] = {}
    nameless: Counter[str] = Counter()
    members = (
        Membership.objects.filter(problem=problem).evidence().select_related("item__contact__account__merged_into")
    )
    for membership in members.iterator(chunk_size=2000):
        item, contact = membership.item, membership.item.contact
        account = item.account or (contact.account if contact else None)
        company = account.company if account else None
        name = company.name if company else item.account_reference or ""
        email = (contact.email if contact else item.contact_reference).strip().lower()
        if not _is_address(email):
            nameless[name or "No account given"] += 1
        elif email not in told and email not in people:
            people[email] = Asker(
                email=email,
                contact_id=contact.pk if contact else None,
                name=contact.name if contact else "",
                group=group_of(contact.role if contact else ""),
                account=name,
                left=bool(company and company.churned_on),
                quote=shortened(item.text),
                said_on=timezone.localdate(item.said_at),
            )
    return Asked(sorted(people.values(), key=lambda one: (one.name or one.email).lower()), nameless.most_common())


def letter_to(asker: Asker, draft: Draft, problem: Problem) -> Draft:
    """What one person reads."""
    values = {
        "name": asker.name or "there",
        "account": asker.account or "your company",
        "quote": asker.quote,
        "date": date_format(asker.said_on, "j F Y"),
        "month": date_format(asker.said_on, "F Y"),
        "problem": problem.title,
    }
    return draft_filled(draft, values)


@transaction.atomic
def people_tell(
    *, problem: Problem, news: Status, people: Iterable[Asker], drafts: Mapping[str, Draft], author: User, send: bool
) -> list[Told]:
    """Tell these people: by e-mail, which a worker sends, or by a file that somebody else sends from.

    Whoever was told by somebody else in the meantime is left out.

    Args:
        problem: What they asked about.
        news: What became of it: its status, unless that changed since the page was opened.
        people: Whom.
        drafts: By the name of the group.
        author: Who decided it.
        send: Whether Heard sends it; otherwise it counts as told with the file.

    Raises:
        TellRefusedError: the problem has another status now, or there is no mail server.
    """
    now = Problem.objects.select_for_update().get(pk=problem.pk)
    if now.merged_into_id or news_of(now) != news:
        raise TellRefusedError(f"{problem.key} has changed since: look at what there is to tell now.")
    if send and not can_send():
        raise TellRefusedError("Heard has no mail server: export the letters, or set HEARD_EMAIL_URL.")
    there = {asker.email for asker in askers_of(problem=problem, news=news).people}
    moment = timezone.now()
    rows = []
    for asker in people:
        if asker.email in there:
            letter = letter_to(asker, drafts[asker.group.name], problem)
            rows.append(
                Told(
                    problem=problem,
                    news=news,
                    email=asker.email,
                    contact_id=asker.contact_id,
                    subject=letter.subject,
                    body=letter.body,
                    state=ToldState.QUEUED if send else ToldState.EXPORTED,
                    author=author,
                    settled_at=None if send else moment,
                )
            )
    told = Told.objects.bulk_create(rows, batch_size=BATCH)
    if send and told:
        tell_queue(problem_id=problem.pk)
    return told


@transaction.atomic
def told_again(*, problem: Problem) -> int:
    """Send again what was refused or may not have arrived; answers how many letters that is."""
    again = Told.objects.about(problem).open_ended()
    problems = set(again.values_list("problem_id", flat=True))
    count = again.update(state=ToldState.QUEUED, reason="", settled_at=None)
    for problem_id in sorted(problems):
        tell_queue(problem_id=problem_id)
    return count


@transaction.atomic
def told_take_back(*, problem: Problem) -> int:
    """Forget the last export: its letters were not sent after all. Answers how many."""
    count, _ = Told.objects.about(problem).last_export().delete()
    return count


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
