"""How figures look: short money in tables, sparklines, arrows."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
STEPS = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1_000), "k"))
WIDTH, HEIGHT, GAP = 72, 20, 1


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """The full amount, to the cent: $1,234.50."""
    return f"{_symbol(currency)}{intcomma(f'{amount:.2f}', use_l10n=False)}"


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
