"""Drafts of what people are told: one for each group of people, with gaps that are filled in for each person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from customers.models import Role
from insights.models import Status

# What may stand in braces, and what it is filled with.
GAPS = {
    "name": "the person’s name, or “there”",
    "account": "their company",
    "quote": "what was said last; some of it may be notes of colleagues, so look at each letter",
    "date": "the day on which it was said",
    "month": "its month and year",
    "problem": "the problem’s title",
}
GAP = re.compile(r"\{(\w*)\}")
SUBJECT_CHARACTERS, BODY_CHARACTERS = 300, 20_000
# What there is to tell.
NEWS = (Status.PLANNED, Status.IN_PROGRESS, Status.SHIPPED, Status.DECLINED)
SUBJECTS = {
    Status.PLANNED: "{problem}: it is planned",
    Status.IN_PROGRESS: "{problem}: we are working on it",
    Status.SHIPPED: "{problem}: it is here",
    Status.DECLINED: "{problem}: our answer",
}
TIDINGS = {
    Status.PLANNED: "It is on our plan now: {problem}. We will write again when you can use it.",
    Status.IN_PROGRESS: "We are working on it now: {problem}. We will write again when you can use it.",
    Status.SHIPPED: "You can use it now: {problem}.",
    Status.DECLINED: (
        "We have thought it through and will not do this for now: {problem}. You should not have to wait for it "
        "without knowing."
    ),
}


@dataclass(frozen=True)
class Group:
    """People who are written to in the same words."""

    name: str
    label: str
    roles: frozenset[str]
    closing: str


GROUPS = (
    Group(
        "deciders",
        "Buyers, champions and admins",
        frozenset({Role.BUYER, Role.CHAMPION, Role.ADMIN}),
        "If you would like to go through it for {account}, answer this message and we will find a time.",
    ),
    Group("users", "Users", frozenset({Role.USER}), "If it is not what you meant, answer this message: we read it."),
    Group(
        "others",
        "People whose role is not known",
        frozenset({Role.UNKNOWN}),
        "If it is not what you meant, answer this message: we read it.",
    ),
)


@dataclass(frozen=True)
class Draft:
    """A letter with gaps."""

    subject: str
    body: str


class DraftRefusedError(ValueError):
    """A draft that cannot be filled in. The text says why and what to do."""


def group_of(role: str) -> Group:
    """The group that a person of this role is written to with."""
    return next((group for group in GROUPS if role in group.roles), GROUPS[-1])


def draft_of(*, news: Status, group: Group, author: str) -> Draft:
    """The draft to start from; `author` signs it. It quotes nothing: some of what was said is notes of colleagues."""
    opening = "Hello {name},\n\nin {month} you told us what you need."
    return Draft(SUBJECTS[news], f"{opening}\n\n{TIDINGS[news]}\n\n{group.closing}\n\n{author}")


def draft_checked(*, subject: str, body: str) -> Draft:
    """A draft as somebody wrote it.

    Raises:
        DraftRefusedError: it is blank or too long, or has a gap that nobody can fill.
    """
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    if not subject or len(subject) > SUBJECT_CHARACTERS:
        raise DraftRefusedError(f"A subject needs 1 to {SUBJECT_CHARACTERS} characters.")
    if not body or len(body) > BODY_CHARACTERS:
        raise DraftRefusedError(f"A letter needs 1 to {BODY_CHARACTERS} characters.")
    strange = [name for name in GAP.findall(subject + body) if name not in GAPS]
    if strange:
        known = ", ".join(f"{{{name}}}" for name in GAPS)
        raise DraftRefusedError(f"Nobody knows what to put for {{{strange[0][:40]}}}: there are {known}.")
    return Draft(subject, body)


def draft_filled(draft: Draft, values: Mapping[str, str]) -> Draft:
    """The letter to one person. What is filled in is never looked at for gaps: customers may write braces too."""
    in_letter = {**values, "quote": "\n".join(f"> {line}" for line in values["quote"].splitlines())}
    subject = " ".join(GAP.sub(lambda gap: values[gap[1]], draft.subject).split())[:SUBJECT_CHARACTERS]
    return Draft(subject, GAP.sub(lambda gap: in_letter[gap[1]], draft.body))
