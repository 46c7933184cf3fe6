"""How the evidence writes its words: which are names, which are acronyms, which may stand in a title."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import chain

from insights.engine.wording.lexicon import (
    EVERYDAY_PRODUCT_NAMES,
    ORDINARY_IN_NAMES,
    PRODUCT_NAMES,
    PROPER_ADJECTIVES,
    STOPWORDS,
    VERBS,
)
from insights.engine.wording.sentences import WORD

# What stands for personal data, and addresses of web pages: no word of either is said.
_TOKEN = re.compile(r"\[[a-z_ ]{2,20}\]|\b(?:https?://|www\.)\S+|\b[\w-]{1,40}\.(?:com|org|net|io)\b", re.IGNORECASE)
# Letters that do not come apart into a plain one and its mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})
_PART = re.compile(r"[^\W_]+", re.UNICODE)
_ACRONYM = re.compile(r"^[A-Z]{2,5}s?$")


class Vocabulary:
    """Counts of how each word is written in the texts read, and the words that are barred."""

    def __init__(self, texts: Iterable[str], forbidden: Collection[str]) -> None:
        self._lower: Counter[str] = Counter()
        self._upper: Counter[str] = Counter()
        read = capitalised = 0
        for text in texts:
            shouting = is_shouting(text)
            read += 1
            capitalised += not shouting and text != text.lower()
            for word in WORD.findall(_TOKEN.sub(" ", text.replace("’", "'"))):
                if word.islower():
                    self._lower[word] += 1
                elif word.isupper() and not shouting:
                    self._upper[word.lower()] += 1
        # Whether the texts use capitals at all, so that a name shows by its own.
        self.shows_names = capitalised > read / 4
        parts = [tuple(_parts(name)) for name in forbidden]
        self._barred = {part for name in parts for part in name if len(part) > 1}
        # By their first word: names of several words are known wherever they stand together.
        self._whole: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for name in sorted({name for name in parts if len(name) > 1}):
            self._whole[name[0]].append(name)
        in_longer = {part for name in parts if len(name) > 1 for part in name}
        alone = {name[0] for name in parts if len(name) == 1} - in_longer
        self._everyday = (VERBS | STOPWORDS | ORDINARY_IN_NAMES) - (alone - VERBS - STOPWORDS)

    def speller(self, sentence: str) -> Callable[[str], str | None]:
        """A function from a word of `sentence` to its spelling in a title, or None where it may not stand in one."""
        shouting = is_shouting(sentence)
        tokens = _token_words(sentence) | self._named(sentence)

        def spell(word: str) -> str | None:
            low = word.lower()
            if low in tokens or not word.isascii() or any(character.isdigit() for character in word):
                return None
            if self._is_barred(low if shouting else word):
                return None
            if proper := _proper(word):
                return proper
            if _ACRONYM.match(word) and not shouting and self._upper[low] >= self._lower[low]:
                return word
            # A capital that no text leaves off is a name's.
            known = word.islower() or shouting or self._lower[low] or low in VERBS | STOPWORDS | ORDINARY_IN_NAMES
            return low if known else None

        return spell

    def safe_words(self, sentence: str, *, keep_case: bool) -> list[str]:
        """The words of `sentence` that may stand in a title, spelled so.

        `keep_case` leaves them as written, for languages where a capital does not make a name.
        """
        return [word for run in self._runs(sentence, keep_case=keep_case) for word in run]

    def safe_run(self, sentence: str, *, keep_case: bool) -> list[str]:
        """The longest part of `sentence` that may stand in a title as it is, the first of the longest."""
        return max(self._runs(sentence, keep_case=keep_case), key=len)

    def _runs(self, sentence: str, *, keep_case: bool) -> list[list[str]]:
        """The words of `sentence` that may stand in a title, divided where one may not; never empty."""
        spell = self._keeper(sentence) if keep_case else self.speller(sentence)
        runs: list[list[str]] = [[]]
        for word in WORD.findall(sentence):
            if spelled := spell(word):
                runs[-1].append(spelled)
            else:
                runs.append([])
        return runs

    def _keeper(self, sentence: str) -> Callable[[str], str | None]:
        """As `speller`, but for words as they are written."""
        tokens = _token_words(sentence) | self._named(sentence)

        def keep(word: str) -> str | None:
            barred = word.lower() in tokens or self._is_barred(word) or any(c.isdigit() for c in word)
            return None if barred else word

        return keep

    def _named(self, sentence: str) -> set[str]:
        """The words of `sentence` that make up a forbidden name of several words, as written there in lower case."""
        if not self._whole:
            return set()
        words = WORD.findall(sentence.lower().replace("’", "'"))
        parts = [(part, word) for word in words for part in _parts(word.removesuffix("'s"))]
        named: set[str] = set()
        for at, (first, _) in enumerate(parts):
            for name in self._whole.get(first, ()):
                if tuple(part for part, _ in parts[at : at + len(name)]) == name:
                    # "Fish&Chips" is one word as written, and two where a rule spells it out.
                    named.update(chain.from_iterable(parts[at : at + len(name)]))
        return named

    def _is_barred(self, word: str) -> bool:
        if word.islower() and word in self._everyday:
            return False
        whole = "".join(_parts(word))
        parts = {*_parts(word), *_parts(word.lower().removesuffix("'s")), whole, whole.removesuffix("s")}
        return not self._barred.isdisjoint(parts)


def _parts(name: str) -> list[str]:
    """The words of a name in lower case and without marks over its letters: "O'Brien-Łoś" → obrien, los."""
    low = name.lower().replace("’", "'").replace("'", "").translate(_PLAIN)
    plain = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    return _PART.findall(plain)


def _proper(word: str) -> str:
    """The spelling of what has a capital in English and is nobody's name, "" for any other word."""
    low = word.lower()
    if low.split("'")[0] == "i":
        return f"I{low[1:]}"
    if low in PRODUCT_NAMES and (not word.islower() or low not in EVERYDAY_PRODUCT_NAMES):
        return PRODUCT_NAMES[low]
    return word.capitalize() if low.removesuffix("'s") in PROPER_ADJECTIVES else ""


def _token_words(sentence: str) -> set[str]:
    """What redaction tokens and addresses would leave behind as words."""
    return {part for token in _TOKEN.findall(sentence) for part in WORD.findall(token.lower())}


def is_shouting(text: str) -> bool:
    """Whether `text` is written in capitals throughout, so that they say nothing."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 8 and sum(character.isupper() for character in letters) > 0.7 * len(letters)
