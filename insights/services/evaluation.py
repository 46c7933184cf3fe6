"""How good the grouping is on labelled texts: the same engine that serves users, without a database."""

import gzip
import json
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from insights.embedding.messages import message_vectors
from insights.engine.constraints import Constraints
from insights.engine.evaluation import Scores, scores
from insights.engine.geometry import learned_map, mapped
from insights.engine.grouping import Grouping, group
from insights.engine.questions import questions
from insights.engine.wording.titles import group_titles
from insights.services.embedding import encoder

NOWHERE = -1
OFF_TOPIC = 0.1
# Each round regroups with what it learned: more rounds ask better questions, and cost a grouping each.
ROUNDS = 8
Vectors = NDArray[np.float32]


class LabelledFileError(ValueError):
    """A file that cannot be used for evaluation. The text says which line and why."""


@dataclass(frozen=True)
class Labelled:
    """Texts and the group that each truly belongs to; an empty label belongs to none."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def truth(self) -> NDArray[np.int64]:
        """Group numbers, int64[n], -1 for none."""
        names = {label: number for number, label in enumerate(sorted(set(self.labels) - {""}))}
        return np.array([names.get(label, NOWHERE) for label in self.labels], dtype=np.int64)


@dataclass(frozen=True)
class Evaluation:
    """The keys of `manage.py evaluate_grouping --json`. Unplaced items count as groups of one."""

    items: int
    groups_true: int
    groups_found: int
    unplaced_share: float
    ari: float
    ami: float
    b3_precision: float
    b3_recall: float
    title_fit: float
    embed_seconds: float
    group_seconds: float
    peak_memory_mb: int


def labelled_read(path: Path) -> Labelled:
    """Read lines of JSON with `text` and `label`, gzipped or not.

    Raises:
        LabelledFileError: no such file, or a line that is not such an object.
    """
    if not path.is_file():
        raise LabelledFileError(f"There is no file {path}.")
    texts, labels = [], []
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                texts.append(str(row["text"]))
                labels.append(str(row["label"] or ""))
            except (ValueError, KeyError, TypeError) as error:
                raise LabelledFileError(f"{path.name}, line {number}: not a text with a label ({error}).") from None
    if not texts:
        raise LabelledFileError(f"{path.name} is empty.")
    return Labelled(tuple(texts), tuple(labels))


def labelled_sample(everything: Labelled, *, items: int | None, shape: str | None, seed: int) -> Labelled:
    """Some of the lines: at random, `equal` numbers of each group, or a `longtail` as real feedback has.

    The long tail follows Zipf's law over the shuffled groups, with a tenth of off-topic lines where there are any.
    """
    generator = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    if shape is None:
        count = min(items or len(everything.texts), len(everything.texts))
        rows = sorted(generator.sample(range(len(everything.texts)), count))
    else:
        rows = _shaped(everything, items or len(everything.texts), generator, longtail=shape == "longtail")
    return Labelled(tuple(everything.texts[row] for row in rows), tuple(everything.labels[row] for row in rows))


def evaluate(labelled: Labelled, *, answers: int = 0, vectors: Vectors | None = None) -> tuple[Evaluation, Grouping]:
    """Embed, group and title, after letting the labels answer questions where asked to."""
    started = time.monotonic()
    if vectors is None:
        vectors = embedded(labelled.texts)
    embedded_at = time.monotonic()
    grouping = group(vectors)
    grouped_at = time.monotonic()
    if answers:
        grouping = _taught(vectors, grouping, labelled.truth, answers)
    result: Scores = scores(labelled.truth, grouping.labels)
    evaluation = Evaluation(
        items=len(labelled.texts),
        groups_true=len(set(labelled.labels) - {""}),
        groups_found=len(grouping.theme),
        unplaced_share=round(float((grouping.labels == NOWHERE).mean()), 4),
        ari=round(result.ari, 4),
        ami=round(result.ami, 4),
        b3_precision=round(result.b3_precision, 4),
        b3_recall=round(result.b3_recall, 4),
        title_fit=round(_title_fit(labelled.texts, vectors, grouping), 4),
        embed_seconds=round(embedded_at - started, 2),
        group_seconds=round(grouped_at - embedded_at, 2),
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )
    return evaluation, grouping


def embedded(texts: Sequence[str]) -> Vectors:
    """The vectors that the product works with, float32[n, d]."""
    return message_vectors(texts, encoder().encode)


def evaluation_of(found: NDArray[np.int64], labelled: Labelled, base: Evaluation, *, seconds: float) -> Evaluation:
    """The same figures for another method's groups of the same items (int64[n], -1 for unplaced)."""
    result = scores(labelled.truth, found)
    return replace(
        base,
        groups_found=len(set(found.tolist()) - {NOWHERE}),
        unplaced_share=round(float((found == NOWHERE).mean()), 4),
        ari=round(result.ari, 4),
        ami=round(result.ami, 4),
        b3_precision=round(result.b3_precision, 4),
        b3_recall=round(result.b3_recall, 4),
        group_seconds=round(seconds, 2),
    )


def _taught(vectors: Vectors, grouping: Grouping, truth: NDArray[np.int64], answers: int) -> Grouping:
    """Ask in a few rounds; each round's answers bind the next grouping and teach its geometry."""
    same: list[tuple[int, int]] = []
    not_same: list[tuple[int, int]] = []
    space = vectors
    for asked in np.array_split(np.arange(answers), ROUNDS):
        known = frozenset((*same, *not_same))
        for question in questions(space, grouping, len(asked), known):
            pair = (question.first, question.second)
            together = truth[pair[0]] == truth[pair[1]] != NOWHERE
            (same if together else not_same).append(pair)
        constraints = Constraints(must_link=tuple(same), cannot_link=tuple(not_same))
        space = mapped(vectors, learned_map(vectors, constraints))
        grouping = group(space, constraints=constraints)
    return grouping


def _title_fit(texts: Sequence[str], vectors: Vectors, grouping: Grouping) -> float:
    """The share of groups whose title lies nearer to their own centre than to any other's."""
    members = [np.flatnonzero(grouping.labels == label) for label in range(len(grouping.theme))]
    if not members:
        return 0.0
    titles = group_titles(texts, vectors, members, encode=encoder().encode)
    centres = np.stack([vectors[rows].mean(axis=0) for rows in members])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    nearest = (encoder().encode([title.text for title in titles]) @ centres.T).argmax(axis=1)
    return float((nearest == np.arange(len(members))).mean())


def _shaped(everything: Labelled, items: int, generator: random.Random, *, longtail: bool) -> list[int]:
    rows: dict[str, list[int]] = {}
    for row, label in enumerate(everything.labels):
        rows.setdefault(label, []).append(row)
    for some in rows.values():
        generator.shuffle(some)
    off_topic = rows.pop("", [])
    names = sorted(rows)
    generator.shuffle(names)
    if not longtail:
        each = max(items // len(names), 1)
        chosen = [row for name in names for row in rows[name][:each]]
    else:
        wanted_off = min(len(off_topic), round(OFF_TOPIC * items))
        weights = [1 / (rank + 1) for rank in range(len(names))]
        chosen = off_topic[:wanted_off]
        # A group that is used up gives no more: the tail fills in for it.
        while len(chosen) < items and any(weights):
            at = generator.choices(range(len(names)), weights)[0]
            chosen.append(rows[names[at]].pop())
            weights[at] = weights[at] if rows[names[at]] else 0.0
    generator.shuffle(chosen)
    return chosen
