"""Pairs of accounts that may be one company, likeliest first, and the groups that they make."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from customers.engine.identity.blocking import candidate_pairs
from customers.engine.identity.corpus import Corpus, read_corpus
from customers.engine.identity.evidence import compared
from customers.engine.identity.groups import KeyPair, grouped
from customers.engine.identity.rows import CompanyRow, DuplicatePair

PROPOSED = 0.7  # probability from which two accounts are proposed as one
POSSIBLE = 0.5  # probability from which a pair is worth showing


@dataclass(frozen=True)
class Duplicates:
    """`pairs`: likeliest first. `groups`: keys of accounts proposed as one company, each group and all of them sorted;
    no account is in two groups, and groups have two members or more."""

    pairs: tuple[DuplicatePair, ...]
    groups: tuple[tuple[str, ...], ...]


def duplicate_pairs(rows: Iterable[CompanyRow], *, at_least: float = POSSIBLE) -> list[DuplicatePair]:
    """Pairs of at least this probability, likeliest first, then by keys; the order of the rows does not matter.

    Raises:
        ValueError: two rows have one key.
    """
    return _pairs(read_corpus(rows), at_least)


def find_duplicates(
    rows: Iterable[CompanyRow],
    *,
    at_least: float = POSSIBLE,
    proposed: float = PROPOSED,
    apart: Collection[KeyPair] = (),
) -> Duplicates:
    """Pairs of probability `at_least`, and groups made of those of probability `proposed`.

    `apart`: pairs of keys that a person said are different companies, in any order. They are in no pair and no group.

    Raises:
        ValueError: two rows have one key.
    """
    corpus = read_corpus(rows)
    refused = {(min(pair), max(pair)) for pair in apart}
    pairs = [pair for pair in _pairs(corpus, at_least) if (pair.left, pair.right) not in refused]
    groups = grouped(corpus, [pair for pair in pairs if pair.probability >= proposed], refused)
    return Duplicates(tuple(pairs), groups)


def _pairs(corpus: Corpus, at_least: float) -> list[DuplicatePair]:
    rows = corpus.rows
    pairs = (compared(rows[left], rows[right], corpus) for left, right in candidate_pairs(corpus).tolist())
    found = [pair for pair in pairs if pair.probability >= at_least]
    return sorted(found, key=lambda pair: (-pair.log_odds, pair.left, pair.right))
