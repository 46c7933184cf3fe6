"""What a system that feedback comes from has to offer: a hook that it calls, pages that are pulled from it, or both.

Both hand raw pieces to one parser, which answers changes. Nothing here or in a system's file knows a framework.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from feedback.outbound.addresses import Target
from feedback.sources.records import FeedbackRecord


class SchemaError(ValueError):
    """A piece that is not as its system describes it. The text says where and what."""


@dataclass(frozen=True)
class Withdrawal:
    """Something that its source deleted, as of a moment of the source's clock."""

    source: str
    external_id: str
    as_of: dt.datetime


Change = FeedbackRecord | Withdrawal


@dataclass(frozen=True)
class Call:
    """An incoming call. Names of headers are in lower case; the body is as it came over the line."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Envelope:
    """What a call is known by, so that it is kept once, and what it says it is."""

    delivery_id: str
    event: str


@dataclass(frozen=True)
class Reading:
    """How to read a piece: for which source, at what time, and by which mapping where the system needs one."""

    source: str
    now: dt.datetime
    mapping: Mapping[str, str] = field(default_factory=dict)


# From a raw piece to what changed; nothing when it tells nothing that we keep.
# Raises SchemaError when it is not what the system sends.
Read = Callable[[bytes, Reading], list[Change]]


@dataclass(frozen=True)
class Hook:
    """A system that calls us."""

    # Whether a call is signed with this secret, and fresh.
    signed: Callable[[Call, str, dt.datetime], bool]
    # Never fails: what is signed is kept.
    envelope: Callable[[Call], Envelope]
    read: Read
    # The secret is ours to make; else the system shows one that is typed in here.
    own_secret: bool = False
    # Headers that a call must carry, for the published description.
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Access:
    """Where a system is, as whom it is called, and what may be called although it is not public."""

    url: str
    login: str
    token: str
    allow: Sequence[str]
    # Nothing that was last touched before is asked for.
    since: dt.datetime | None
    now: dt.datetime


@dataclass(frozen=True)
class Page:
    """Some pieces, the cursor behind them, and whether there is more to be had right away."""

    pieces: tuple[bytes, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class Pull:
    """A system that we ask.

    `fetch` answers the page behind a cursor, blank at the beginning, and raises an `outbound.rest.RestError`.
    """

    fetch: Callable[[Access, str], Page]
    read: Read
    # Checks an address as `outbound.addresses.target_of` does.
    target: Callable[..., Target]
    # What to type in, for a person.
    url_hint: str
    login_hint: str
    key_hint: str


@dataclass(frozen=True)
class System:
    """A kind of system: one file, one line in the registry, one page in the documentation."""

    name: str
    label: str
    hook: Hook | None = None
    pull: Pull | None = None
    # The fields that a mapping may name; none when the system has a format of its own.
    mapped: tuple[str, ...] = ()
