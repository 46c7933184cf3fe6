"""Customers of several problems, each counted once."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from insights.engine.what_if import NOBODY, Crowd


def customers_among(packed_lines: Iterable[bytes]) -> tuple[int, Decimal]:
    """How many known families there are in these receipts, and their revenue in the base currency."""
    lines = Crowd.unpack([(lines, b"") for lines in packed_lines]).lines
    known = lines[lines["account"] != NOBODY]
    _, first = np.unique(known["account"], return_index=True)
    return len(first), Decimal(int(known["arr"][first].sum())).scaleb(-2)
