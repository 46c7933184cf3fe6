"""A stand-in for the embedding model: bags of hashed words, so that texts with the same words lie close."""

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from insights.engine.wording.job_statements import JobStatement, job_statements
from insights.engine.wording.titles import group_titles

_SIZE = 128


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors, float32[len(texts), 128]; a text without words points where no word does."""
    counts = np.zeros((len(texts), _SIZE), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"\w+", text.lower()[:5_000]):
            counts[row, 1 + zlib.crc32(word.encode(errors="replace")) % (_SIZE - 1)] += 1
    counts[:, 0] = 0.01
    unit: NDArray[np.float32] = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    return unit


def grouped(groups: Sequence[Sequence[str]]) -> tuple[list[str], list[NDArray[np.intp]]]:
    """The texts of all groups in one list, and the rows of each group in it."""
    texts = [text for group in groups for text in group]
    ends = np.cumsum([len(group) for group in groups])
    return texts, [np.arange(end - len(group), end) for group, end in zip(groups, ends, strict=True)]


def titles(*groups: Sequence[str], forbidden: Sequence[str] = ()) -> list[str]:
    """The titles of groups of texts."""
    texts, members = grouped(groups)
    found = group_titles(texts, encode(texts), members, encode=encode, forbidden=forbidden)
    return [title.text for title in found]


def statements(*groups: Sequence[str], forbidden: Sequence[str] = ()) -> list[JobStatement]:
    """The drafts of job statements of groups of texts."""
    texts, members = grouped(groups)
    return job_statements(texts, encode(texts), members, encode=encode, forbidden=forbidden)
