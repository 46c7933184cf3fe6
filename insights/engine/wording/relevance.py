"""How telling a word is of a group, and how many of its members say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from insights.engine.wording.lexicon import STOPWORDS
from insights.engine.wording.sentences import WORD

_ENDINGS = ("ing", "ied", "ies", "ed", "es", "s", "e")


@dataclass(frozen=True)
class GroupWords:
    """By stem: `weight`, 1 for the most telling of the group, and `share` of the group's texts that say it."""

    weight: dict[str, float]
    share: dict[str, float]


def words_of_groups(
    groups: Sequence[Sequence[str]], *, analyzer: Callable[[str], list[str]] | None = None
) -> list[GroupWords]:
    """Class-based TF-IDF over groups of texts (Grootendorst 2022, BERTopic), from shares of texts for term frequencies.

    Shares, so that a long message counts once and a large group no more than a small one. `analyzer` gives the terms
    of a text, the stems of its words where left out.
    """
    vectorizer = CountVectorizer(analyzer=analyzer or stems, binary=True)
    try:
        says = vectorizer.fit_transform([text for texts in groups for text in texts])
    except ValueError:
        # No text has a word that carries meaning.
        return [GroupWords({}, {}) for _ in groups]
    sizes = np.array([len(texts) for texts in groups])
    averages = sparse.csr_array(
        (np.repeat(1.0 / sizes, sizes), (np.repeat(np.arange(len(groups)), sizes), np.arange(says.shape[0])))
    )
    share = sparse.csr_array(averages @ says)
    total = np.asarray(share.sum(axis=0)).ravel()
    inverse = np.log1p(total.sum() / len(groups) / total)
    names = vectorizer.get_feature_names_out()
    found = []
    for group in range(len(groups)):
        row = slice(share.indptr[group], share.indptr[group + 1])
        columns, shares = share.indices[row], share.data[row]
        weights = shares * inverse[columns]
        top = weights.max(initial=0.0) or 1.0
        found.append(
            GroupWords(
                dict(zip(names[columns].tolist(), (weights / top).tolist(), strict=True)),
                dict(zip(names[columns].tolist(), shares.tolist(), strict=True)),
            )
        )
    return found


def stems(text: str) -> list[str]:
    """The stems of the words of `text` that carry meaning."""
    return [stem(word) for word in WORD.findall(text.lower().replace("’", "'")) if word not in STOPWORDS]


def stem(word: str) -> str:
    """A crude common form, enough to see that two texts say the same word."""
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    if ending and not word.endswith("ss"):
        word = word[: -len(ending)] + ("y" if ending in {"ied", "ies"} else "")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
