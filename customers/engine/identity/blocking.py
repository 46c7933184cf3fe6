"""Which pairs are worth comparing: rows that share a key, and names with many letters in common.

All pairs of 100,000 rows are five thousand million. Here a row meets those with the same domain, phone, tax number,
external id, name, rare word or initials, those one letter away, and the nearest names by letter trigrams (TF-IDF).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from customers.engine.identity.corpus import Corpus, ReadRow
from customers.engine.identity.domains import domain_word

Pairs = NDArray[np.int64]

_WHOLE_BLOCK = 12  # rows; in larger blocks only neighbours in the order of their names meet
_WINDOW = 5  # neighbours
_RARE = 30  # rows that hold a word, at most, for it to bring rows together
_NEAREST = 6  # names by trigrams
_ROWS_OF_NAME = 3  # of each of two near names that meet
_ALIKE = 0.45  # cosine below which names are not alike
_CHUNK = 2_000  # names compared at a time
_PAIRS_AT_ONCE = 100_000
_NEAR_TEXT = 84.0  # likeness of two names, 0 to 100, below which a rare word or trigrams in common mean nothing
_COMMON_TRIGRAM = 1_500  # names that hold a trigram, at most, for it to count


def candidate_pairs(corpus: Corpus) -> Pairs:
    """Row numbers of pairs to compare, int64[p, 2], each pair once, first < second, in order."""
    rows, n = corpus.rows, len(corpus.rows)
    if n < 2:
        return np.empty((0, 2), dtype=np.int64)
    order = _order(rows)
    sure = _codes(_blocks(rows, corpus, _keys), order, n)
    loose = np.union1d(_codes(_blocks(rows, corpus, _rare_words), order, n), _near_names(rows, n))
    codes = np.union1d(sure, _alike(np.setdiff1d(loose, sure, assume_unique=True), rows))
    return np.column_stack([codes // n, codes % n])


def _alike(codes: NDArray[np.int64], rows: Sequence[ReadRow]) -> NDArray[np.int64]:
    """The pairs whose names are alike as a whole: in one word, or word by word in any order."""
    n = len(rows)
    texts = [" ".join(row.names[0].core) for row in rows]
    others = [len(row.names) > 1 for row in rows]
    kept: list[NDArray[np.int64]] = []
    for start in range(0, len(codes), _PAIRS_AT_ONCE):
        some = codes[start : start + _PAIRS_AT_ONCE]
        left, right = (some // n).tolist(), (some % n).tolist()
        one, two = [texts[row] for row in left], [texts[row] for row in right]
        near = process.cpdist(one, two, scorer=fuzz.token_set_ratio, score_cutoff=_NEAR_TEXT) > 0
        one, two = [text.replace(" ", "") for text in one], [text.replace(" ", "") for text in two]
        near |= process.cpdist(one, two, scorer=fuzz.ratio, score_cutoff=_NEAR_TEXT) > 0
        near |= np.array([others[a] or others[b] for a, b in zip(left, right, strict=True)], dtype=np.bool_)
        kept.append(some[near])
    return np.concatenate([np.empty(0, dtype=np.int64), *kept])


def _order(rows: Sequence[ReadRow]) -> NDArray[np.int64]:
    """Place of every row in the order of names, then domains: likely duplicates stand next to each other."""
    places = np.empty(len(rows), dtype=np.int64)
    keys = [(row.names[0].squeezed, row.domain, row.country) for row in rows]
    places[sorted(range(len(rows)), key=keys.__getitem__)] = np.arange(len(rows))
    return places


def _blocks(
    rows: Sequence[ReadRow], corpus: Corpus, keys: Callable[[ReadRow, Corpus], Iterator[str]]
) -> dict[str, list[int]]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for key in dict.fromkeys(keys(row, corpus)):
            holders[key].append(number)
    return holders


def _keys(row: ReadRow, corpus: Corpus) -> Iterator[str]:
    for domain in sorted(row.domains):
        yield f"domain {domain}"
        yield f"name {domain_word(domain)}"
    numbers = {"phone": row.phone, "tax": row.tax_id, "id": row.external_id if corpus.id_trust else ""}
    yield from (f"{kind} {number}" for kind, number in numbers.items() if number)
    for name in row.names:
        if name.core:
            yield f"words {' '.join(sorted(name.core))}"
        # Initials meet the names that are spelled like them.
        for word in sorted(name.spelled | {letters for letters in name.initials if 3 <= len(letters) <= 6}):
            yield f"name {word}"


def _rare_words(row: ReadRow, corpus: Corpus) -> Iterator[str]:
    for name in row.names:
        yield from (word for word in name.core if corpus.words[word] <= _RARE)


def _codes(blocks: dict[str, list[int]], order: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Pairs as first x n + second."""
    found: list[int] = []
    for members in blocks.values():
        if len(members) <= _WHOLE_BLOCK:
            found.extend(one * n + two for one, two in combinations(members, 2))
        else:
            line = sorted(members, key=order.__getitem__)
            for step in range(1, _WINDOW + 1):
                found.extend(min(pair) * n + max(pair) for pair in zip(line, line[step:], strict=False))
    return np.unique(np.array(found, dtype=np.int64))


def _near_names(rows: Sequence[ReadRow], n: int) -> NDArray[np.int64]:
    carriers: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for name in row.names:
            if name.core:
                carriers[name.squeezed].append(number)
    names = sorted(name for name in carriers if len(name) >= 3)
    if len(names) < 2:
        return np.empty(0, dtype=np.int64)
    found = [
        min(left, right) * n + max(left, right)
        for one, two in _near(names)
        # A few rows each are enough: rows of one name meet each other by that name.
        for left in carriers[names[one]][:_ROWS_OF_NAME]
        for right in carriers[names[two]][:_ROWS_OF_NAME]
        if left != right
    ]
    return np.unique(np.array(found, dtype=np.int64))


def _near(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Numbers of names and of the nearest others by trigrams, in blocks of rows so that memory stays flat."""
    vectors = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True, dtype=np.float32, lowercase=False
    ).fit_transform(names)
    holders = np.bincount(vectors.indices, minlength=vectors.shape[1])
    rare = sparse.csr_array(vectors[:, holders <= max(_COMMON_TRIGRAM, 1)])
    across = rare.T.tocsr()
    for start in range(0, len(names), _CHUNK):
        alike = (rare[start : start + _CHUNK] @ across).tocoo()
        row, column, value = alike.row.astype(np.int64) + start, alike.col.astype(np.int64), alike.data
        kept = (value >= _ALIKE) & (row != column)
        row, column, value = row[kept], column[kept], value[kept]
        # Nearest first; of equally near names the first in the alphabet, so that the order of the rows is no matter.
        by_nearness = np.lexsort((column, -value, row))
        row, column = row[by_nearness], column[by_nearness]
        first = np.searchsorted(row, row, side="left")
        near = np.arange(len(row)) - first < _NEAREST
        yield from zip(row[near].tolist(), column[near].tolist(), strict=True)
