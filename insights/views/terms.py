"""The terms of a what-if as an address says them: read, checked field by field, and written as short as they go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict

from customers.models import Account
from customers.services.references import companies_find
from insights.models import WeightsVersion
from insights.models.weights import RANGES
from insights.services.scenarios import Draft

MOST_WITHOUT = 200
MOST_FOUND = 6
LONGEST = 200
STEPS = {"churn_weight": "0.1", "half_life_days": "1", "free_floor_share": "0.01"}
# The sliders in groups, the first of them always open.
GROUPS = (
    ("", ("churn_weight", "half_life_days", "free_floor_share")),
    ("How much an item counts by its severity", tuple(name for name in RANGES if name.startswith("severity_"))),
    ("How much an item counts by who asks", tuple(name for name in RANGES if name.startswith("role_"))),
)
Figures = Mapping[str, Decimal]


@dataclass(frozen=True)
class Read:
    """What an address says: the terms that can be worked out, and by field what was typed and why it cannot be."""

    draft: Draft
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Slider:
    """One weight on the desk. Figures are texts: attributes of HTML take no thousands separators."""

    name: str
    label: str
    help_text: str
    low: str
    high: str
    step: str
    value: str
    live: str
    moved: bool
    error: str


def terms_read(query: QueryDict, *, live: Figures) -> Read:
    """The terms of an address. A field that says what cannot be counts as in the live list, and is answered."""
    errors: dict[str, str] = {}
    typed = {name: str(query[name])[:LONGEST] for name in RANGES if name in query}
    weights = {}
    for name, text in typed.items():
        figure = _figure(text, *RANGES[name])
        if figure is None:
            low, high = RANGES[name]
            errors[name] = f"“{text[:20]}” is not a number from {low} to {high:,}."
        elif figure != live[name]:
            weights[name] = figure
    without, unknown = _accounts(query.getlist("without"))
    if unknown:
        errors["without"] = unknown
    segment = query.get("segment", "").replace("\x00", "").strip()[:LONGEST]
    if segment and not Account.objects.filter(segment=segment).exists():
        errors["segment"] = f"No account is of a segment “{segment[:60]}”."
        segment = ""
    draft = Draft(weights=weights, segment=segment, prospects=query.get("prospects") != "no", without=without)
    return Read(draft, typed, errors)


def terms_written(draft: Draft) -> str:
    """The terms as the query of an address: only what differs from the live list."""
    pairs = [(name, plain(draft.weights[name])) for name in RANGES if name in draft.weights]
    pairs += [("segment", draft.segment)] if draft.segment else []
    pairs += [] if draft.prospects else [("prospects", "no")]
    pairs += [("without", account.external_id) for account in draft.without]
    return urlencode(pairs)


def sliders(read: Read, *, live: Figures) -> list[tuple[str, bool, list[Slider]]]:
    """Each group: its name, whether it stands open, its sliders."""
    groups = []
    for name, weights in GROUPS:
        its = [_slider(weight, read, live[weight]) for weight in weights]
        groups.append((name, not name or any(one.moved or one.error for one in its), its))
    return groups


def accounts_like(text: str, *, without: Sequence[Account]) -> list[Account]:
    """A few companies that a search for these words finds, by name: to leave one out."""
    if not text.strip():
        return []
    others = Account.objects.unmerged().exclude(pk__in=[account.pk for account in without])
    return list(others.searched(text[:LONGEST]).order_by("name")[:MOST_FOUND])


def plain(figure: Decimal) -> str:
    """Without the zeros that a column adds."""
    return format(figure.normalize(), "f")


def label_of(weight: str) -> str:
    """What a weight is called."""
    name = str(WeightsVersion._meta.get_field(weight).verbose_name)  # type: ignore[union-attr]
    return name[0].upper() + name[1:]


def _slider(name: str, read: Read, live: Decimal) -> Slider:
    low, high = RANGES[name]
    value = plain(read.draft.weights.get(name, live))
    return Slider(
        name=name,
        label=label_of(name),
        help_text=str(WeightsVersion._meta.get_field(name).help_text),  # type: ignore[union-attr]
        low=str(low),
        high=str(high),
        step=STEPS.get(name, "0.05"),
        value=read.typed[name] if name in read.errors else value,
        live=plain(live),
        moved=name in read.draft.weights,
        error=read.errors.get(name, ""),
    )


def _figure(text: str, low: int, high: int) -> Decimal | None:
    try:
        figure = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not figure.is_finite() or not low <= figure <= high:
        return None
    return figure.quantize(Decimal("0.0001"))


def _accounts(references: Sequence[str]) -> tuple[list[Account], str]:
    asked = list(dict.fromkeys(reference[:LONGEST] for reference in references))
    if len(asked) > MOST_WITHOUT:
        return [], f"At most {MOST_WITHOUT} accounts can be left out."
    companies, unknown = companies_find(references=asked)
    return companies, f"There is no account “{unknown[0][:60]}”." if unknown else ""
