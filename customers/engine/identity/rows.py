"""What goes in and what comes out: account rows, and pairs of them with reasons."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class CompanyRow:
    """One account of one system. Blank means unknown.

    `key`: unique over all systems. `domain`: website or e-mail domain, as people type it. `country`: a name or an ISO
    3166 code. `external_id`: the id under which other systems may know the account. `tax_id`: tax or registration
    number. `contact_domains`: e-mail domains of its contacts; free-mail domains are ignored. `parent`: key of the
    account under which it is filed.
    """

    key: str
    system: str
    name: str
    domain: str = ""
    country: str = ""
    external_id: str = ""
    tax_id: str = ""
    phone: str = ""
    contact_domains: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True)
class Reason:
    """One piece of evidence as a person reads it. `points`: log-odds, negative when it speaks against."""

    code: str
    text: str
    points: float


@dataclass(frozen=True)
class DuplicatePair:
    """Two accounts that may be one company. `left` < `right` are keys; the points of `reasons` add up to `log_odds`."""

    left: str
    right: str
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        return sum(reason.points for reason in self.reasons)

    @property
    def probability(self) -> float:
        """Probability in (0, 1) that both are one company."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.log_odds))))
