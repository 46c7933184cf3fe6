"""What if: the latest ranking worked out under other terms. Reads the snapshot's receipts and writes nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from customers.models import Account, JourneyStage
from customers.services.families import family_heads
from insights.engine.score import Weights
from insights.engine.what_if import Crowd, outcome
from insights.models import Ranking, RankingEntry
from insights.services.weighing import floor_at


@dataclass(frozen=True)
class Terms:
    """What a scenario changes: the weights, and whose voice counts.

    `segment` lets only its accounts count (of a family its head), `without` leaves families out, named by any member.
    """

    weights: Weights
    segment: str = ""
    without: frozenset[int] = frozenset()
    prospects: bool = True


@dataclass(frozen=True)
class Imagined:
    """Where a problem would stand, beside where it stands. No rank when nobody who counts asks for it."""

    problem_id: int
    rank: int | None
    score: Decimal
    customers: int
    arr_total: Decimal
    revenue_at_risk: Decimal
    live_rank: int
    live_score: Decimal

    @property
    def rank_delta(self) -> int | None:
        """Places gained against the live list; None where there is no rank."""
        return None if self.rank is None else self.live_rank - self.rank


def what_if(*, ranking: Ranking, terms: Terms) -> list[Imagined]:
    """Every problem of a snapshot under these terms, the best rank first, those without a rank last."""
    rows, crowd = _read(ranking.pk, ranking.computed_at)
    found = outcome(
        crowd,
        problems=len(rows),
        counting=_counting(crowd.lines["account"], terms),
        weights=terms.weights,
        floor=floor_at(median_arr=ranking.median_arr, share=terms.weights.free_floor_share),
        day=ranking.day,
    )
    problem_ids = np.array([problem for problem, _, _ in rows], dtype=np.int64)
    # Like the list itself: from the highest score down, ties go to the older problem.
    order = np.lexsort((problem_ids, -found.score, found.customers == 0))
    imagined = []
    for place, row in enumerate(order.tolist(), start=1):
        problem, live_rank, live_score = rows[row]
        customers = int(found.customers[row])
        imagined.append(
            Imagined(
                problem_id=problem,
                rank=place if customers else None,
                score=_money(found.score[row]),
                customers=customers,
                arr_total=_money(found.arr[row]),
                revenue_at_risk=_money(found.at_risk[row]),
                live_rank=live_rank,
                live_score=live_score,
            )
        )
    return imagined


@lru_cache(maxsize=1)
def _read(ranking_id: int, computed_at: dt.datetime) -> tuple[list[tuple[int, int, Decimal]], Crowd]:
    """Problem, rank and score of every entry, and everybody who asks. A snapshot never changes: whoever draws a slider
    asks of the same one again and again. `computed_at` tells snapshots of two databases apart.
    """
    del computed_at
    entries = RankingEntry.objects.filter(ranking=ranking_id).order_by("rank")
    columns = ("problem_id", "rank", "score", "receipt__packed_lines", "receipt__packed_asks")
    rows = list(entries.values_list(*columns))
    crowd = Crowd.unpack([(bytes(lines), bytes(asks)) for *_, lines, asks in rows])
    return [(problem, rank, score) for problem, rank, score, *_ in rows], crowd


def _counting(accounts: NDArray[np.int64], terms: Terms) -> NDArray[np.bool_]:
    """Which lines count, by the heads of their families."""
    counting = np.ones(len(accounts), dtype=np.bool_)
    if terms.segment:
        counting &= np.isin(accounts, _ids(Account.objects.filter(segment=terms.segment).values_list("pk", flat=True)))
    if terms.without:
        heads = family_heads()
        counting &= ~np.isin(accounts, _ids(heads[account] for account in terms.without if account in heads))
    if not terms.prospects:
        prospects = Account.objects.filter(stage=JourneyStage.PROSPECT).values_list("pk", flat=True)
        counting &= ~np.isin(accounts, _ids(prospects))
    return counting


def _ids(found: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(found, dtype=np.int64)


def _money(cents: np.int64) -> Decimal:
    return Decimal(int(cents)).scaleb(-2)
