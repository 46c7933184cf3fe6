"""A made-up world to measure in: customers, what they said, and the problems behind it, the same for the same seed."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from customers.models import Account
from feedback.models import FeedbackItem, FeedbackOriginal, ItemState, Kind, Severity, Source
from insights.embedding.messages import message_vectors
from insights.engine.placing import centred
from insights.models import Embedding, Membership, Problem, Run, RunState, Status, Theme
from insights.services.benchmark_book import Book, benchmark_book_create
from insights.services.benchmark_words import TOPICS, WAYS, off_topic, said, topics
from insights.services.embedding import embedding_version, encoder

ITEMS, PROBLEMS, ACCOUNTS = 100_000, 5_000, 20_000
SEED = 20_260_301
BATCH = 2_000
UNPLACED = 0.05
DAYS = 548
# Real feedback has a long tail: a problem's share falls with its place, and the first ones do not have it all.
TAIL_SHIFT = 10
USUAL = 0.7
# How far an item's vector lies from its topic's: what the wording adds, in a random direction.
WORDING = 0.4
WITHOUT_ACCOUNT, WITH_CONTACT = 0.05, 0.8
SEVERITIES = ((Severity.BLOCKING, 0.05), (Severity.HIGH, 0.15), (Severity.MEDIUM, 0.3), (Severity.LOW, 0.2))
SOURCES = ("helpdesk", "crm", "survey")

Vectors = NDArray[np.float32]
Progress = Callable[[str, int, int], None]


class WorldRefusedError(ValueError):
    """The world cannot be made; the message says why."""


@dataclass(frozen=True)
class World:
    """How much there is, and for each problem a text that fits it."""

    items: int
    placed: int
    problems: int
    accounts: int
    texts: tuple[str, ...]


@dataclass(frozen=True)
class _Said:
    """One item before it is stored: its problem's row (-1 for none), the way it is put, how old it is."""

    topic: int
    text: str
    said_at: dt.datetime


def benchmark_world_create(
    *,
    items: int = ITEMS,
    problems: int = PROBLEMS,
    accounts: int = ACCOUNTS,
    seed: int = SEED,
    progress: Progress = lambda _step, _done, _total: None,
) -> World:
    """Fill an empty database. Nothing is ranked yet: publish when it is there.

    Raises:
        WorldRefusedError: the database holds something already, or the numbers do not go together.
    """
    placed = items - int(items * UNPLACED)
    if not 1 <= problems <= min(placed, TOPICS) or accounts < 1:
        raise WorldRefusedError(
            f"There can be no {problems:,} problems of {items:,} items by {accounts:,} accounts: every problem has "
            f"an item, {UNPLACED:.0%} of the items have no problem, and {TOPICS:,} problems are the most."
        )
    if FeedbackItem.objects.exists() or Problem.objects.exists() or Account.objects.exists():
        raise WorldRefusedError("This database holds feedback, problems or accounts already: name an empty one.")
    generator = np.random.default_rng(seed)
    now = timezone.now()
    with transaction.atomic():
        progress("Accounts", 0, accounts)
        book = benchmark_book_create(accounts=accounts, generator=generator, today=timezone.localdate(now))
        wanted = topics(problems, generator)
        progress("Embedding", 0, problems)
        vectors = message_vectors([topic for topic, _ in wanted], encoder().encode)
        sizes = _sizes(placed, problems, generator)
        rows = _problems(wanted, vectors, sizes, items)
        everything = list(_everything([topic for topic, _ in wanted], sizes, items - placed, generator, now))
        _embeddings(everything, vectors, generator)
        _items(everything, rows, book, generator, progress)
    return World(items, placed, problems, accounts, tuple(said(topic, 0) for topic, _ in wanted))


def _sizes(placed: int, problems: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """How many items each problem has, int64[problems], one at least."""
    share = 1 / (np.arange(problems) + TAIL_SHIFT)
    sizes: NDArray[np.int64] = 1 + generator.multinomial(placed - problems, share / share.sum())
    generator.shuffle(sizes)
    return sizes


def _problems(
    wanted: Sequence[tuple[str, str]], vectors: Vectors, sizes: NDArray[np.int64], items: int
) -> list[Problem]:
    """Problems where their topic lies, as a run published them, so that new items find them."""
    centre = np.asarray(np.average(vectors, axis=0, weights=sizes), dtype=np.float32)
    usual = np.where(sizes > 1, USUAL, 1.0)
    # The sum of n unit vectors with this mean cosine between two of them is so long.
    length = np.sqrt(sizes + sizes * (sizes - 1) * usual)
    sums = np.asarray(centred(vectors, centre) * length[:, None], dtype=np.float32)
    Run.objects.create(
        state=RunState.PUBLISHED,
        model=embedding_version(),
        figures={"items": items, "problems": len(wanted)},
        centre=centre.tobytes(),
        finished_at=timezone.now(),
    )
    names = sorted({thing.capitalize() for _, thing in wanted})
    themes = {theme.name: theme for theme in Theme.objects.bulk_create(Theme(name=name) for name in names)}
    return Problem.objects.bulk_create(
        (
            Problem(
                title=topic[0].upper() + topic[1:],
                job_want=f"to {topic}",
                status=list(Status)[row % len(Status)] if row % 3 == 0 else Status.NEW,
                theme=themes[thing.capitalize()],
                vector_sum=sums[row].tobytes(),
                vector_count=int(sizes[row]),
                usual=float(usual[row]),
            )
            for row, (topic, thing) in enumerate(wanted)
        ),
        batch_size=BATCH,
    )


def _everything(
    wanted: Sequence[str], sizes: NDArray[np.int64], unplaced: int, generator: np.random.Generator, now: dt.datetime
) -> Iterator[_Said]:
    rows = np.concatenate([np.repeat(np.arange(len(wanted)), sizes), np.full(unplaced, -1)])
    generator.shuffle(rows)
    ways = generator.integers(0, WAYS, len(rows))
    # More was said lately than long ago.
    ages = DAYS * generator.random(len(rows)) ** 1.3
    for number, (row, way, age) in enumerate(zip(rows.tolist(), ways.tolist(), ages.tolist(), strict=True)):
        text = said(wanted[row], way) if row >= 0 else off_topic(number)
        yield _Said(row, text, now - dt.timedelta(days=age))


def _embeddings(everything: Sequence[_Said], vectors: Vectors, generator: np.random.Generator) -> None:
    """A vector for every distinct text: near its topic's, or anywhere."""
    distinct = list({item.text: item.topic for item in everything}.items())
    version = embedding_version()
    for start in range(0, len(distinct), BATCH):
        some = distinct[start : start + BATCH]
        around = generator.standard_normal((len(some), vectors.shape[1]), dtype=np.float32)
        around *= np.float32(WORDING / np.sqrt(vectors.shape[1]))
        rows = np.array([topic for _, topic in some])
        around[rows >= 0] += vectors[rows[rows >= 0]]
        around /= np.linalg.norm(around, axis=1, keepdims=True)
        Embedding.objects.bulk_create(
            Embedding(text_hash=_hash(text), model=version, vector=vector.tobytes())
            for (text, _), vector in zip(some, around.astype(np.float16), strict=True)
        )


def _items(
    everything: Sequence[_Said],
    problems: Sequence[Problem],
    book: Book,
    generator: np.random.Generator,
    progress: Progress,
) -> None:
    sources = Source.objects.bulk_create(Source(key=key) for key in SOURCES)
    waiting = enumerate(everything)
    while batch := list(islice(waiting, BATCH)):
        stored = FeedbackItem.objects.bulk_create(_rows(batch, sources, book, generator))
        FeedbackOriginal.objects.bulk_create(FeedbackOriginal(item=item, body=item.text) for item in stored)
        sure = generator.uniform(0.5, 1, len(batch))
        Membership.objects.bulk_create(
            Membership(item=item, problem=problems[each.topic], confidence=float(confidence))
            for item, (_, each), confidence in zip(stored, batch, sure, strict=True)
            if each.topic >= 0
        )
        progress("Items", batch[-1][0] + 1, len(everything))


def _rows(
    batch: Sequence[tuple[int, _Said]], sources: Sequence[Source], book: Book, generator: np.random.Generator
) -> Iterator[FeedbackItem]:
    names = [*(severity.value for severity, _ in SEVERITIES), Severity.UNKNOWN.value]
    shares = [share for _, share in SEVERITIES]
    severities = generator.choice(names, size=len(batch), p=[*shares, 1 - sum(shares)])
    # A few accounts speak often, most of them seldom.
    speakers = (len(book.accounts) * generator.random(len(batch)) ** 2).astype(int)
    chances = generator.random((len(batch), 2))
    for place, (number, item) in enumerate(batch):
        account, contacts = book.accounts[speakers[place]], book.contacts[speakers[place]]
        known = chances[place, 0] >= WITHOUT_ACCOUNT
        contact = contacts[number % len(contacts)] if contacts and known and chances[place, 1] < WITH_CONTACT else None
        yield FeedbackItem(
            source=sources[number % len(sources)],
            external_id=f"F-{number}",
            kind=Kind.REQUEST if number % 3 else Kind.TICKET,
            severity=str(severities[place]),
            text=item.text,
            text_hash=_hash(item.text),
            language="en",
            said_at=item.said_at,
            received_at=item.said_at,
            account_id=account if known else None,
            account_reference=f"A-{speakers[place]}" if known else f"X-{number % 50}",
            contact=contact,
            contact_reference=contact.email if contact else "",
            state=ItemState.PLACED if item.topic >= 0 else ItemState.UNPLACED,
        )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
