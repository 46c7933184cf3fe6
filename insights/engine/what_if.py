"""What the ranked list would say if it weighed otherwise, or if somebody did not count: all problems at once, exactly.

The formula of `insights.engine.score`, on arrays. Figures are worked out in floating point, and where one comes so near
to a tie that rounding might go the other way, the decimals of the score itself decide: to the cent the same, but for a
hundred thousand asks in milliseconds.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from insights.engine.movement import DatedAsk
from insights.engine.score import FACTOR, Customer, Weights, score_problem

SEVERITIES, ROLES = tuple(Weights().severity), tuple(Weights().role)
# One customer under one problem. Money in cents, factors in ten-thousandths; `known` is the value before the floor.
LINE = np.dtype(
    [
        ("account", "<i8"), ("known", "<i8"), ("arr", "<i8"), ("risk", "<u2"), ("nearness", "<u2"), ("fit", "<u2"),
        ("asks", "<u4"),
    ]
)  # fmt: skip
# One item of a customer. The day as a proleptic ordinal, severity and role as places in the tuples above.
ASK = np.dtype([("day", "<u4"), ("severity", "u1"), ("role", "u1"), ("influence", "<u2")])
NOBODY = -1
BY_ROLE = 0xFFFF
PARTS, MILLION = 10_000, 1_000_000
# How near a tie may be in doubt, in the unit that is rounded to: far above the error of the floats, far below chance.
DOUBT, RELATIVE_DOUBT = 1e-6, 1e-14


@dataclass(frozen=True)
class Asking:
    """One customer under one problem, as packed: `account` heads its family, None for one that nobody knows."""

    account: int | None
    known: Decimal
    arr: Decimal
    customer: Customer
    asks: Sequence[DatedAsk]


@dataclass(frozen=True)
class Crowd:
    """Everybody who asks, problem by problem.

    `problem` holds the row of each line's problem, int64[lines] and rising; `lines` are LINE[lines]; `asks` are
    ASK[asks], those of a line together, in the order of the lines.
    """

    problem: NDArray[np.int64]
    lines: NDArray[np.void]
    asks: NDArray[np.void]

    @classmethod
    def unpack(cls, packed: Iterable[tuple[bytes, bytes]]) -> "Crowd":
        """Put together what `pack` made of each problem, in the order of the rows."""
        problems = list(packed)
        counts = [len(lines) // LINE.itemsize for lines, _ in problems]
        return cls(
            np.repeat(np.arange(len(counts), dtype=np.int64), counts),
            np.frombuffer(b"".join(lines for lines, _ in problems), dtype=LINE),
            np.frombuffer(b"".join(asks for _, asks in problems), dtype=ASK),
        )


@dataclass(frozen=True)
class Outcome:
    """What the problems would stand at, by row: cents but for `customers`, int64[problems] each."""

    score: NDArray[np.int64]
    customers: NDArray[np.int64]
    arr: NDArray[np.int64]
    at_risk: NDArray[np.int64]


def pack(asking: Iterable[Asking]) -> tuple[bytes, bytes]:
    """The customers of one problem and what they ask, as LINE and ASK bytes."""
    everybody = list(asking)
    lines = [
        (
            NOBODY if one.account is None else one.account,
            _scaled(one.known, 2),
            _scaled(one.arr, 2),
            _scaled(one.customer.churn_risk, 4),
            _scaled(one.customer.renewal_nearness, 4),
            _scaled(one.customer.fit, 4),
            len(one.asks),
        )
        for one in everybody
    ]
    asks = [
        (
            ask.said_on.toordinal(),
            SEVERITIES.index(ask.severity),
            ROLES.index(ask.role),
            BY_ROLE if ask.influence is None else _scaled(ask.influence, 4),
        )
        for one in everybody
        for ask in one.asks
    ]
    return np.array(lines, dtype=LINE).tobytes(), np.array(asks, dtype=ASK).tobytes()


def outcome(
    crowd: Crowd, *, problems: int, counting: NDArray[np.bool_], weights: Weights, floor: Decimal, day: dt.date
) -> Outcome:
    """Score every problem by these weights and this floor, in the base currency, ages counted to a day.

    `counting` says of each line whether its customer counts: bool[lines].
    """
    rows, lines = crowd.problem[counting], crowd.lines[counting]
    cents = amounts(crowd, weights=weights, floor=floor, day=day)[counting]
    at_risk = _half_even(lines["arr"] * lines["risk"].astype(np.int64))

    def total(per_line: NDArray[np.int64]) -> NDArray[np.int64]:
        summed = np.zeros(problems, dtype=np.int64)
        np.add.at(summed, rows, per_line)
        return summed

    return Outcome(total(cents), total(np.ones_like(rows)), total(lines["arr"]), total(at_risk))


def amounts(crowd: Crowd, *, weights: Weights, floor: Decimal, day: dt.date) -> NDArray[np.int64]:
    """What every line adds to its problem's score, in cents: int64[lines]."""
    if not len(crowd.lines):
        return np.zeros(0, dtype=np.int64)
    weight, unsure_weight = _rounded(_weights(crowd.lines, weights, _scaled(floor, 2)))
    loudness, unsure_loudness = _rounded(_intensities(crowd, weights, day) * MILLION)
    # In two steps, so that no product leaves 64 bits.
    cents = weight // MILLION * loudness + (weight % MILLION * loudness + MILLION // 2) // MILLION
    ends = np.cumsum(crowd.lines["asks"], dtype=np.int64)
    for row in np.flatnonzero(unsure_weight | unsure_loudness):
        its = crowd.asks[ends[row] - crowd.lines["asks"][row] : ends[row]]
        cents[row] = _exactly(crowd.lines[row], its, weights, floor, day)
    return cents


def _weights(lines: NDArray[np.void], weights: Weights, floor: int) -> NDArray[np.float64]:
    value = np.maximum(lines["known"], floor).astype(np.float64)
    urgency = 1 + float(weights.churn_weight) * lines["risk"] * lines["nearness"].astype(np.float64) / PARTS**2
    return np.asarray(value * urgency * lines["fit"] / PARTS, dtype=np.float64)


def _intensities(crowd: Crowd, weights: Weights, day: dt.date) -> NDArray[np.float64]:
    asks = crowd.asks
    severity = np.array([float(weights.severity[name]) for name in SEVERITIES])
    role = np.array([float(weights.role[name]) for name in ROLES])
    decides = np.where(asks["influence"] == BY_ROLE, role[asks["role"]], asks["influence"] / PARTS)
    age = np.maximum(day.toordinal() - asks["day"].astype(np.int64), 0)
    heard = severity[asks["severity"]] * decides * 0.5 ** (age / float(weights.half_life_days))
    starts = np.cumsum(crowd.lines["asks"], dtype=np.int64) - crowd.lines["asks"]
    return np.asarray(1 - np.multiply.reduceat(1 - heard, starts), dtype=np.float64)


def _rounded(figures: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Half up, and where that is in doubt."""
    below = np.floor(figures)
    from_tie = np.abs(figures - below - 0.5)
    return (below + (figures - below >= 0.5)).astype(np.int64), from_tie <= DOUBT + RELATIVE_DOUBT * figures


def _exactly(line: np.void, asks: NDArray[np.void], weights: Weights, floor: Decimal, day: dt.date) -> int:
    """The amount as the score works it out, in cents."""
    customer = Customer(
        key="one",
        name="",
        value=max(Decimal(int(line["known"])).scaleb(-2), floor),
        churn_risk=_parts(line["risk"]),
        renewal_nearness=_parts(line["nearness"]),
        fit=_parts(line["fit"]),
    )
    dated = [
        DatedAsk(
            item=0,
            said_on=dt.date.fromordinal(int(ask["day"])),
            severity=SEVERITIES[ask["severity"]],
            role=ROLES[ask["role"]],
            influence=None if ask["influence"] == BY_ROLE else _parts(ask["influence"]),
        )
        for ask in asks
    ]
    score = score_problem([ask.on(day, customer="one") for ask in dated], {"one": customer}, weights)
    return _scaled(score.total, 2)


def _half_even(parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ten-thousandths of cents as cents, ties to the even one."""
    cents, rest = parts // PARTS, parts % PARTS
    up = (rest > PARTS // 2) | ((rest == PARTS // 2) & (cents % 2 == 1))
    return np.asarray(cents + up, dtype=np.int64)


def _parts(figure: int) -> Decimal:
    return (Decimal(int(figure)) / PARTS).quantize(FACTOR)


def _scaled(figure: Decimal, places: int) -> int:
    return int(figure.scaleb(places))
