"""Orders beside the score: RICE, value for effort, and the opportunity of Outcome-Driven Innovation.

    RICE             = reach * impact * confidence / effort
    value per effort = score / effort
    opportunity      = importance + max(importance - satisfaction, 0)

RICE is McBride's (Intercom, 2016), with its scales. The opportunity is Ulwick's ("Turn Customer Input into Innovation",
Harvard Business Review, January 2002; "What Customers Want", 2005): importance and satisfaction are not means but ten
times the share of respondents who rate them in the upper two of five steps, each from 0 to 10.

Everything is decimal. Importance and satisfaction are rounded to the tenth that a reader sees before they are used.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
RICE_PLACES = Decimal("0.0001")
TENTH = Decimal("0.1")
# The upper two of Ulwick's five steps are 4 and 5; on ten steps they are 7 to 10.
HIGH = 7
RICE, VALUE_PER_EFFORT, OPPORTUNITY = "rice", "value_per_effort", "opportunity"


@dataclass(frozen=True)
class Estimates:
    """What a product manager estimates of a problem; None where nobody has.

    Effort in person-months, above 0; impact on RICE's scale from 0.25 to 3; confidence in per cent.
    """

    effort: Decimal | None = None
    impact: Decimal | None = None
    confidence: int | None = None

    def lacking(self, *names: str) -> list[str]:
        """Which of these estimates nobody has made."""
        return [name for name in names if getattr(self, name) is None]


@dataclass(frozen=True)
class Answer:
    """How one respondent rates the importance of a problem, and how well it is solved today, each 1 to 10.

    Of answers on one day the larger number came later.
    """

    respondent: str
    asked_on: dt.date
    number: int
    importance: int
    satisfaction: int


@dataclass(frozen=True)
class Opportunity:
    """What the answers of some respondents say. With too few of them only how many there are; else all in 0 to 10."""

    answers: int
    importance: Decimal | None = None
    satisfaction: Decimal | None = None

    @property
    def score(self) -> Decimal | None:
        """Importance, and what satisfaction lacks to it once more: 0 to 20."""
        if self.importance is None or self.satisfaction is None:
            return None
        return self.importance + max(self.importance - self.satisfaction, Decimal(0))


def rice(reach: int, estimates: Estimates) -> Decimal | None:
    """Reach × impact × confidence ÷ effort, to four places; None unless all three are estimated.

    Args:
        reach: How many customers ask.
        estimates: Of the problem.
    """
    effort, impact, confidence = estimates.effort, estimates.impact, estimates.confidence
    if effort is None or impact is None or confidence is None:
        return None
    return (reach * impact * confidence / (100 * effort)).quantize(RICE_PLACES, ROUND_HALF_UP)


def value_per_effort(score: Decimal, estimates: Estimates) -> Decimal | None:
    """The score for each person-month, to the cent; None while nobody has estimated the effort."""
    if estimates.effort is None:
        return None
    return (score / estimates.effort).quantize(CENT, ROUND_HALF_UP)


def opportunity(answers: Iterable[Answer], *, needed: int) -> Opportunity:
    """What respondents say, each counted once, by the latest answer.

    Args:
        answers: Of any respondents, in any order.
        needed: Fewer respondents say nothing.
    """
    latest: dict[str, Answer] = {}
    for answer in answers:
        known = latest.setdefault(answer.respondent, answer)
        if (answer.asked_on, answer.number) > (known.asked_on, known.number):
            latest[answer.respondent] = answer
    counted = latest.values()
    if not counted or len(counted) < needed:
        return Opportunity(len(counted))
    return Opportunity(
        len(counted),
        importance=_share(sum(answer.importance >= HIGH for answer in counted), len(counted)),
        satisfaction=_share(sum(answer.satisfaction >= HIGH for answer in counted), len(counted)),
    )


def blanks(estimates: Estimates, *, answers: int, needed: int) -> Mapping[str, str]:
    """Which of the three orders a problem has no figure in, and why.

    Args:
        estimates: Of the problem.
        answers: How many respondents were counted.
        needed: How many it takes.
    """
    lacking = {
        RICE: estimates.lacking("effort", "impact", "confidence"),
        VALUE_PER_EFFORT: estimates.lacking("effort"),
    }
    why = {order: f"not estimated: {', '.join(names)}" for order, names in lacking.items() if names}
    if answers < max(needed, 1):
        why[OPPORTUNITY] = f"{answers} of {max(needed, 1)} survey answers needed"
    return why


def _share(high: int, of: int) -> Decimal:
    """Ten times a share, to the tenth."""
    return (Decimal(10 * high) / of).quantize(TENTH, ROUND_HALF_UP)
