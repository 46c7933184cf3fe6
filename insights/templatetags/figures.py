"""How figures look: short money in tables, sparklines, arrows."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from customers.models import AccountState
from insights.engine.wording.marking import marked

register = template.Library()

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
STEPS = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1_000), "k"))
WIDTH, HEIGHT, GAP = 72, 20, 1
WIDE, HIGH = 400, 60


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """The full amount, to the cent: $1,234.50."""
    return f"{_symbol(currency)}{intcomma(f'{amount:.2f}', use_l10n=False)}"


@register.filter
def money_change(amount: Decimal, currency: str) -> str:
    """A change to the cent, with its sign: +$1,234.50, −$8.00."""
    return f"{'−' if amount < 0 else '+'}{money(abs(amount), currency)}"


@register.filter
def money_short(amount: Decimal, currency: str) -> str:
    """Three digits or so: $1.23M, $412k, $87."""
    for step, letter in STEPS:
        if amount >= step * Decimal("0.9995"):
            scaled = amount / step
            places = 2 if scaled < Decimal("9.995") else 1 if scaled < Decimal("99.95") else 0
            return f"{_symbol(currency)}{scaled:.{places}f}{letter}"
    return f"{_symbol(currency)}{amount:.0f}"


@register.filter
def percent(share: Decimal) -> str:
    """A probability as a percentage."""
    return f"{share * 100:.0f} %"


@register.filter
def with_marks(text: str, stems: frozenset[str]) -> SafeString:
    """A quote with the words marked that say what the problem is about."""
    return format_html_join("", "{}{}{}", (_marked(piece, telling) for piece, telling in marked(text, stems)))


def _marked(piece: str, telling: bool) -> tuple[str, str, str]:  # noqa: FBT001
    return (mark_safe("<mark>"), piece, mark_safe("</mark>")) if telling else ("", piece, "")


@register.simple_tag
def sparkline(counts: Sequence[int]) -> SafeString:
    """Weekly counts as small bars; the figures are in the label."""
    highest = max([*counts, 1])
    width = WIDTH / max(len(counts), 1)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1"/>',
        (
            (f"{at * width:.1f}", f"{HEIGHT - height:.1f}", f"{width - GAP:.1f}", f"{height:.1f}")
            for at, height in enumerate(_height(count, highest) for count in counts)
        ),
    )
    label = f"Items a week, oldest first: {', '.join(str(count) for count in counts)}"
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        WIDTH,
        HEIGHT,
        label,
        label,
        bars,
    )


def _height(count: int, highest: int) -> float:
    return max(count / highest * HEIGHT, 1.0)


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency, f"{currency} ")


@register.simple_tag
def history(states: Sequence[AccountState], amounts: Sequence[Decimal | None], currency: str) -> SafeString:
    """Revenue in the base currency as steps over the days on which the account's facts changed."""
    known = [(state.recorded_on, amount) for state, amount in zip(states, amounts, strict=True) if amount is not None]
    if not known:
        return format_html('<p class="text-secondary">{}</p>', "No revenue is known of any day.")
    first, last = known[0][0], timezone.localdate()
    days = max((last - first).days, 1)
    highest = max(amount for _, amount in known) or Decimal(1)
    places = [((day - first).days / days * WIDE, HIGH - float(amount / highest) * (HIGH - 4)) for day, amount in known]
    path = [f"M0,{places[0][1]:.1f}"] + [f"H{x:.1f}V{y:.1f}" for x, y in places[1:]] + [f"H{WIDE}"]
    said = "; ".join(f"{day:%-d %b %Y} {money_short(amount, currency)}" for day, amount in known[-12:])
    return format_html(
        '<figure class="history"><svg viewBox="0 0 {} {}" role="img" aria-label="Revenue over time: {}">'
        '<path d="{}"/></svg><figcaption>{} on {} → {} today</figcaption></figure>',
        WIDE,
        HIGH,
        said,
        "".join(path),
        money_short(known[0][1], currency),
        f"{first:%-d %b %Y}",
        money_short(known[-1][1], currency),
    )
