"""What the address of the ranked list asks for: which problems, which columns, in which order."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from customers.models import Account
from feedback.models import Source
from insights.models import Membership, Problem, ReceiptLine, Status, Theme
from insights.querysets import ORDERINGS

OPEN = (Status.NEW, Status.CONFIRMED, Status.PLANNED, Status.IN_PROGRESS)
EVERYTHING = "all"
# Name, heading, what it means, and the order that it sorts by.
COLUMNS = (
    ("range", "Range", "Where the problem would rank with other customers: 90 % range of a bootstrap", ""),
    ("customers", "Customers", "Account families that ask, each once", "customers"),
    ("contacts", "Contacts", "People who ask, each once", "contacts"),
    ("items", "Items", "Everything that was said about it", "items"),
    ("arr", "ARR", "Annual recurring revenue of these customers", "arr_total"),
    ("at_risk", "At risk", "ARR times churn risk, each customer once", "revenue_at_risk"),
    ("renewals", "Renewals 90 d", "Customers whose contract renews within 90 days", ""),
    ("trend", "Trend", "Items in each of the last 12 weeks; sorts by the last 30 days less the 30 before", "trend_30d"),
    ("rice", "RICE", "Reach × impact × confidence ÷ effort, where they are estimated", "rice"),
    ("effort", "Score ÷ effort", "Score for each person-month, where the effort is estimated", "value_per_effort"),
    ("opportunity", "Opportunity", "Importance + unmet importance, where enough people answered", "opportunity"),
    ("theme", "Theme", "The group of problems that it is in", ""),
    ("area", "Area", "Which part of the product it concerns", ""),
    ("owner", "Owner", "Who looks after it", ""),
    ("status", "Status", "How far work on it has come", ""),
)
SHOWN = ("range", "customers", "arr", "at_risk", "renewals", "trend", "owner", "status")
NOBODY = "nobody"
AMOUNT_DIGITS = 15


# What leaves problems out, beside the status; and what shows the filters without one.
NARROWING = frozenset({"q", "theme", "area", "owner", "segment", "source", "since", "min_arr"})
PANEL = "filters"


class ListFilter(forms.Form):
    """The filters of the list. What cannot be read is said and left out; the rest holds."""

    q = forms.CharField(label="Words of the title, or a key", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False)
    theme = forms.ModelChoiceField(Theme.objects.all(), label="Theme", required=False, empty_label="any")
    area = forms.ChoiceField(label="Product area", required=False)
    owner = forms.ChoiceField(label="Owner", required=False)
    segment = forms.ChoiceField(label="Segment that asks", required=False)
    source = forms.ModelChoiceField(Source.objects.all(), label="Source", required=False, empty_label="any")
    since = forms.DateField(label="Said since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    min_arr = forms.DecimalField(
        label="ARR at least", required=False, min_value=0, max_digits=AMOUNT_DIGITS, decimal_places=2
    )
    col = forms.MultipleChoiceField(
        label="Columns", required=False, choices=[(name, heading) for name, heading, *_ in COLUMNS]
    )
    ordering = forms.ChoiceField(label="Order", required=False, choices=[(name, name) for name in ORDERINGS])

    def __init__(self, query: QueryDict) -> None:
        """Read the address."""
        # Null characters are in no name, and databases refuse them.
        super().__init__(MultiValueDict({k: [v.replace("\x00", "") for v in vs] for k, vs in query.lists()}))
        # Whether the filters are shown: what they offer is looked up only then.
        self.open = PANEL in query or bool(NARROWING & query.keys())
        self._choose("status", [("", "open"), *Status.choices, (EVERYTHING, "all")])
        if self.open:
            self._choose("area", [("", "any"), *((area, area) for area in areas())])
            self._choose("owner", [("", "anybody"), (NOBODY, "nobody"), *owners()])
            self._choose("segment", [("", "any"), *((segment, segment) for segment in Account.objects.segments())])
        self.is_valid()

    @property
    def values(self) -> dict[str, Any]:
        """What could be read."""
        return self.cleaned_data

    @property
    def wrong(self) -> list[str]:
        """What could not be read, and why."""
        return [f"{self.fields[name].label}: {' '.join(map(str, why))}" for name, why in self.errors.items()]

    @property
    def narrowed(self) -> bool:
        """Whether anything beyond the status leaves problems out."""
        return any(self.values.get(name) is not None and self.values.get(name) != "" for name in NARROWING)

    @property
    def columns(self) -> set[str]:
        """The names of the columns to show."""
        return set(self.values.get("col") or SHOWN)

    @property
    def sorted_by(self) -> str:
        """One of `ORDERINGS`."""
        return self.values.get("ordering") or "rank"

    def clean_since(self) -> dt.datetime | None:
        """The first moment of that day."""
        day: dt.date | None = self.cleaned_data["since"]
        return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else None

    def condition(self) -> Q:
        """Which entries of a ranking are meant."""
        values = self.values
        found = self._of_problem(values)
        if values.get("min_arr") is not None:
            found &= Q(arr_total__gte=values["min_arr"])
        if segment := values.get("segment"):
            found &= Q(receipt__in=ReceiptLine.objects.filter(account__segment=segment).values("receipt"))
        said = {
            lookup: values[name]
            for name, lookup in (("source", "item__source"), ("since", "item__said_at__gte"))
            if values.get(name)
        }
        if said:
            found &= Q(Exists(Membership.objects.filter(problem=OuterRef("problem"), **said)))
        return found

    def _of_problem(self, values: dict[str, Any]) -> Q:
        status = values.get("status", "")
        found = Q() if status == EVERYTHING else Q(problem__status__in=[status] if status else OPEN)
        if words := values.get("q"):
            found &= Q(problem__in=Problem.objects.searched(words))
        if owner := values.get("owner"):
            found &= Q(problem__owner=None if owner == NOBODY else int(owner))
        for name in ("theme", "area"):
            if values.get(name):
                found &= Q(**{f"problem__{name}": values[name]})
        return found

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices


def areas() -> list[str]:
    """The product areas that there are."""
    return list(Problem.objects.exclude(area="").order_by("area").values_list("area", flat=True).distinct())


def owners() -> list[tuple[str, str]]:
    """Those who may look after problems: everybody who can sign in."""
    people = User.objects.filter(is_active=True).order_by("username")
    return [(str(person.pk), person.get_full_name() or person.get_username()) for person in people]
