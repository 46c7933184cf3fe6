"""How the evidence writes its words: which are names, which are acronyms, which may stand in a title."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from insights.engine.wording.lexicon import PROPER_ADJECTIVES, STOPWORDS, VERBS
from insights.engine.wording.sentences import WORD

# What stands for personal data, and addresses of web pages: no word of either is said.
_TOKEN = re.compile(r"\[[a-z_ ]{2,20}\]|\b(?:https?://|www\.)\S+|\b[\w-]{1,40}\.(?:com|org|net|io)\b", re.IGNORECASE)
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
        self._barred = {part for name in forbidden for part in WORD.findall(name.lower()) if len(part) > 1}

    def speller(self, sentence: str) -> Callable[[str], str | None]:
        """A function from a word of `sentence` to its spelling in a title, or None where it may not stand in one."""
        shouting = is_shouting(sentence)
        tokens = _token_words(sentence)

        def spell(word: str) -> str | None:
            low = word.lower()
            if low in tokens or not word.isascii() or any(character.isdigit() for character in word):
                return None
            if self._is_barred(word):
                return None
            if low.split("'")[0] == "i":
                return f"I{low[1:]}"
            if low.removesuffix("'s") in PROPER_ADJECTIVES:
                return word.capitalize()
            if _ACRONYM.match(word) and not shouting and self._upper[low] >= self._lower[low]:
                return word
            # A capital that no text leaves off is a name's.
            known = word.islower() or shouting or self._lower[low] or low in VERBS or low in STOPWORDS
            return low if known else None

        return spell

    def safe_words(self, sentence: str, *, keep_case: bool) -> list[str]:
        """The words of `sentence` that may stand in a title, spelled so.

        `keep_case` leaves them as written, for languages where a capital does not make a name.
        """
        if not keep_case:
            spell = self.speller(sentence)
            return [spelled for word in WORD.findall(sentence) if (spelled := spell(word))]
        tokens = _token_words(sentence)
        return [
            word
            for word in WORD.findall(sentence)
            if word.lower() not in tokens and not self._is_barred(word) and not any(c.isdigit() for c in word)
        ]

    def _is_barred(self, word: str) -> bool:
        parts = set(WORD.findall(word.lower())) | {word.lower().removesuffix("'s")} | set(re.split(r"\W", word.lower()))
        everyday = word.islower() and word in VERBS | STOPWORDS
        return not everyday and not self._barred.isdisjoint(parts)


def _token_words(sentence: str) -> set[str]:
    """What redaction tokens and addresses would leave behind as words."""
    return {part for token in _TOKEN.findall(sentence) for part in WORD.findall(token.lower())}


def is_shouting(text: str) -> bool:
    """Whether `text` is written in capitals throughout, so that they say nothing."""
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 8 and sum(character.isupper() for character in letters) > 0.7 * len(letters)
