"""Groups of accounts proposed as one company, without chaining companies that plainly differ."""

from collections.abc import Sequence

from customers.engine.identity.corpus import Corpus
from customers.engine.identity.evidence import compared
from customers.engine.identity.rows import DuplicatePair

KeyPair = tuple[str, str]

# Log-odds below which two accounts are never in one group, whoever links them (probability 0.05).
_PLAINLY_DIFFERENT = -3.0


def grouped(corpus: Corpus, pairs: Sequence[DuplicatePair], apart: set[KeyPair]) -> tuple[tuple[str, ...], ...]:
    """Join the pairs, likeliest first, unless a member of one side is plainly different from one of the other.

    `apart`: pairs of keys, the smaller first, that a person held apart. A chain A, B, C of which A and C plainly differ
    keeps its likelier half. Compares every member of one side with every member of the other.
    """
    rows = {row.row.key: row for row in corpus.rows}
    odds = {(pair.left, pair.right): pair.log_odds for pair in pairs}
    home: dict[str, list[str]] = {}

    def differ(one: str, two: str) -> bool:
        pair = (min(one, two), max(one, two))
        if pair in apart:
            return True
        if pair not in odds:
            odds[pair] = compared(rows[pair[0]], rows[pair[1]], corpus).log_odds
        return odds[pair] < _PLAINLY_DIFFERENT

    for pair in pairs:
        left, right = home.setdefault(pair.left, [pair.left]), home.setdefault(pair.right, [pair.right])
        if left is right or any(differ(one, two) for one in left for two in right):
            continue
        left += right
        for key in right:
            home[key] = left
    groups = {tuple(sorted(members)) for members in home.values() if len(members) > 1}
    return tuple(sorted(groups))
