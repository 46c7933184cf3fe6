"""Reads over problems, memberships and rankings."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from insights.models import (  # noqa: F401 (named in strings)
        Correction,
        Delivery,
        JiraLink,
        JiraSite,
        Membership,
        Problem,
        ProblemEdit,
        RankingEntry,
        Run,
        Told,
    )
    from insights.models.proposals import Decidable

# Each order falls, blanks last; ties go to the better rank, so that every order is complete.
ORDERINGS = (
    "rank",
    "revenue_at_risk",
    "arr_total",
    "customers",
    "contacts",
    "items",
    "trend_30d",
    "rice",
    "opportunity",
    "value_per_effort",
)
KEY = re.compile(r"P-([1-9][0-9]{0,17})")


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Chainable reads over problems."""

    def live(self) -> Self:
        """Problems that stand for themselves: not merged into another."""
        return self.filter(merged_into__isnull=True)

    def with_key(self, key: str) -> Self:
        """The problem of a key such as `P-12`; none for anything else."""
        match = KEY.fullmatch(key)
        return self.filter(pk=int(match[1])) if match else self.none()

    def with_keys(self, keys: Iterable[str]) -> Self:
        """The problems of some keys; what is no key is left out."""
        return self.filter(pk__in=[int(match[1]) for key in keys if (match := KEY.fullmatch(key))])

    def searched(self, words: str) -> Self:
        """The problem of this key, or those whose title has all of these words."""
        if KEY.fullmatch(words.strip().upper()):
            return self.with_key(words.strip().upper())
        found = self
        for word in words.replace("\x00", "").split():
            found = found.filter(title__icontains=word)
        return found

    def with_members(self) -> Self:
        """Problems that at least one item belongs to, with `members`."""
        return self.annotate(members=Count("memberships")).filter(members__gt=0)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Chainable reads over memberships."""

    def evidence(self) -> Self:
        """With item, account and contact, the newest first."""
        return self.select_related(
            "item__account__merged_into", "item__contact", "item__source", "item__logged"
        ).order_by("-item__said_at", "-pk")


class RankingEntryQuerySet(models.QuerySet["RankingEntry"]):
    """Chainable reads over the entries of a ranking."""

    def listed(self) -> Self:
        """With all that a row of the list shows, in rank order."""
        return self.select_related("problem__theme", "problem__owner", "ranking", "receipt").order_by("rank")

    def in_order(self, ordering: str, *, backwards: bool = False) -> Self:
        """Sorted by one of `ORDERINGS`. Databases differ in where blanks go: it is said."""
        if ordering == "rank":
            return self.order_by("-rank" if backwards else "rank")
        column = F(ordering)
        if backwards:
            return self.order_by(column.asc(nulls_first=True), "-rank")
        return self.order_by(column.desc(nulls_last=True), "rank")


class RunQuerySet(models.QuerySet["Run"]):
    """Chainable reads over runs."""

    def published(self) -> Self:
        """Runs whose grouping was published, newest first."""
        return self.filter(state="published").order_by("-pk")

    def running(self) -> Self:
        """The run that is under way, if there is one."""
        return self.filter(Q(state="running") & Q(finished_at__isnull=True)).order_by(F("pk").asc())


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Chainable reads over corrections."""

    def binding(self) -> Self:
        """Corrections that hold: not undone, oldest first."""
        return self.filter(undone_at__isnull=True).order_by("pk")


class DecidableQuerySet(models.QuerySet[Any]):
    """Chainable reads over what waits for a person's yes or no."""

    def open(self) -> Self:
        """Not decided yet, what is worth most first."""
        return self.filter(state="open").order_by("-gain", "pk")

    def behind(self, one: "Decidable") -> Self:
        """Those that come after this one in that order, itself decided or not."""
        return self.filter(Q(gain__lt=one.gain) | Q(gain=one.gain, pk__gt=one.pk))

    def decided_since(self, moment: dt.datetime) -> Self:
        """Accepted or rejected by somebody since then."""
        return self.filter(state__in=["accepted", "rejected"], decided_at__gte=moment)


class ProblemEditQuerySet(models.QuerySet["ProblemEdit"]):
    """Chainable reads over edits."""

    def standing(self) -> Self:
        """Edits that were not undone, the newest first."""
        return self.filter(undone_at__isnull=True).order_by("-pk")


class ToldQuerySet(models.QuerySet["Told"]):
    """Chainable reads over who was told what."""

    def about(self, problem: "Problem") -> Self:
        """What was told about a problem, and about those that became part of it."""
        return self.filter(problem__in=problem.family())

    def queued(self) -> Self:
        """Still to be sent, the oldest first."""
        return self.filter(state="queued").order_by("pk")

    def last_export(self) -> Self:
        """What was exported together, the last time that anything was."""
        exported = self.filter(state="exported")
        return exported.filter(settled_at=exported.aggregate(last=Max("settled_at"))["last"])

    def open_ended(self) -> Self:
        """Refused, or perhaps never sent: what may be tried again."""
        return self.filter(state__in=["failed", "sending"])


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Chainable reads over deliveries of webhooks."""

    def waiting(self) -> Self:
        """Not delivered yet and not given up."""
        return self.filter(state="waiting")

    def due(self) -> Self:
        """What may be sent now, the longest due first: of each subject only the oldest that waits."""
        earlier = self.model.objects.filter(
            endpoint=OuterRef("endpoint"), subject=OuterRef("subject"), state="waiting", pk__lt=OuterRef("pk")
        ).exclude(subject="")
        reachable = Q(endpoint__retry_at__isnull=True) | Q(endpoint__retry_at__lte=Now())
        return (
            self.waiting()
            .filter(reachable, ~Exists(earlier), endpoint__enabled=True, due_at__lte=Now())
            .order_by("due_at", "pk")
        )


class JiraSiteQuerySet(models.QuerySet["JiraSite"]):
    """Chainable reads over Jira sites."""

    def working(self) -> Self:
        """Sites that are in use: switched on, and their token not known to be bad."""
        return self.filter(enabled=True, notice="")

    def ready(self) -> Self:
        """Working sites that may be called now."""
        return self.working().filter(Q(rest_until__isnull=True) | Q(rest_until__lte=Now()))


class JiraLinkQuerySet(models.QuerySet["JiraLink"]):
    """Chainable reads over links to Jira issues."""

    def live(self) -> Self:
        """Links whose issue is there."""
        return self.filter(state="live")

    def due(self) -> Self:
        """What there is to do now on sites that may be called, the longest due first."""
        ready = Q(site__rest_until__isnull=True) | Q(site__rest_until__lte=Now())
        return self.filter(ready, site__enabled=True, site__notice="", due_at__lte=Now()).order_by("due_at", "pk")

    def of(self, problem: "Problem") -> Self:
        """The links of a problem, and of those that became part of it."""
        return self.filter(problem__in=problem.family()).select_related("site", "problem")
