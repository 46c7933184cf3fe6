"""Cursors: a place in one snapshot. They carry the snapshot, so pages never shift while a new one is published."""

from dataclasses import asdict, dataclass

from django.core import signing

from insights.api.problem_details import BadParameterError

# No time stamp: the same page has the same links, hence the same entity tag.
SIGNER = signing.Signer(salt="heard.ranking.cursor")


@dataclass(frozen=True)
class Cursor:
    """The row that the page starts behind: its snapshot, its value in the chosen order, its rank, and the direction.

    A row whose value is blank has none: such rows come behind all others.
    """

    snapshot: int
    value: str | None
    rank: int
    backwards: bool

    def encode(self) -> str:
        """As text that cannot be forged."""
        return SIGNER.sign_object(asdict(self), compress=True)

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Read a cursor.

        Raises:
            BadParameterError: it was not made by this service.
        """
        try:
            return cls(**SIGNER.unsign_object(text))
        except (signing.BadSignature, TypeError, ValueError):
            raise BadParameterError("cursor", "is not a cursor of this list; start again without it") from None
