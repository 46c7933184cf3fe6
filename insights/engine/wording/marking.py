"""Which words of a quote say what the problem is about."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from insights.engine.wording.lexicon import STOPWORDS

# Not what stands in for personal data, such as [name].
WORD = re.compile(r"(?<![\[\w])[^\W\d_]+(?:['’][^\W\d_]+)?")
SHORTEST, SHORTEST_STEM = 3, 4
ENDINGS = ("ings", "ing", "ies", "ers", "ed", "er", "es", "s")
# A word in this share of the quotes belongs to what they are about, whether the title has it or not.
COMMON_SHARE = 0.3
FEWEST = 3


def stem(word: str) -> str:
    """A word without its ending: as much as it takes to see exports in exporting."""
    low = word.casefold()
    for ending in ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= SHORTEST_STEM:
            return low[: -len(ending)]
    return low


def telling_stems(heading: str, quotes: Sequence[str]) -> frozenset[str]:
    """The stems of what a heading names, and of what many of the quotes share."""
    named = set(_stems(heading))
    found = Counter(one for quote in quotes for one in set(_stems(quote)))
    least = max(COMMON_SHARE * len(quotes), FEWEST)
    return frozenset(named | {one for one, number in found.items() if number >= least})


def marked(text: str, stems: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a telling word; joined they are the text."""
    start = 0
    for word in WORD.finditer(text):
        if stem(word[0]) in stems:
            if word.start() > start:
                yield text[start : word.start()], False
            yield word[0], True
            start = word.end()
    if start < len(text):
        yield text[start:], False


def _stems(text: str) -> Iterator[str]:
    for word in WORD.findall(text):
        low = word.casefold()
        if len(low) >= SHORTEST and low not in STOPWORDS:
            yield stem(low)
