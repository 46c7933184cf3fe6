"""Everything that two rows say about whether they are one company, as reasons whose points add up."""

import math

from rapidfuzz.distance import OSA

from customers.engine.identity.corpus import Corpus, ReadRow
from customers.engine.identity.domain_evidence import domain_reasons
from customers.engine.identity.name_evidence import name_reasons
from customers.engine.identity.places import country_code
from customers.engine.identity.rows import DuplicatePair, Reason

_START = Reason("start", "most accounts that look alike are different companies", -6.0)
_SAME_SYSTEM = Reason("same system", "one system seldom holds a company twice", -1.0)
_BRANCHES = frozenset({"places differ", "branch"})  # codes that tell one company's parts from each other


def compared(one: ReadRow, two: ReadRow, corpus: Corpus) -> DuplicatePair:
    """Two rows with all that speaks for and against; which comes first does not matter."""
    left, right = sorted((one, two), key=lambda row: row.row.key)
    return DuplicatePair(left.row.key, right.row.key, _reasons(left, right, corpus))


def _reasons(left: ReadRow, right: ReadRow, corpus: Corpus) -> tuple[Reason, ...]:
    names = name_reasons(left, right, corpus)
    unlike = not any(reason.code == "shared words" for reason in names)
    branch = any(reason.code in _BRANCHES for reason in names)
    domains = domain_reasons(left, right, corpus, branch=branch, unlike=unlike)
    return (
        _START,
        *((_SAME_SYSTEM,) if left.row.system == right.row.system else ()),
        *names,
        *domains,
        *_countries(left, right, same_domain=any(reason.code == "same domain" for reason in domains)),
        *_tax_ids(left, right, corpus),
        *_phones(left, right, corpus),
        *_external_ids(left, right, corpus),
        *_family(left, right),
    )


def _countries(left: ReadRow, right: ReadRow, *, same_domain: bool) -> tuple[Reason, ...]:
    if not left.country or not right.country:
        if (left.country or right.country) and left.lands and right.lands and not left.lands & right.lands:
            return (Reason("other countries", "different countries, by legal form or domain ending", -2.0),)
        return ()
    if left.country == right.country:
        return (Reason("same country", f"same country ({left.country.upper()})", 0.4),)
    told = f"{left.country.upper()} / {right.country.upper()}"
    return (Reason("other countries", f"different countries ({told})", -0.8 if same_domain else -2.4),)


def _tax_ids(left: ReadRow, right: ReadRow, corpus: Corpus) -> tuple[Reason, ...]:
    one, two = left.tax_id, right.tax_id
    if not one or not two:
        return ()
    if one == two:
        points = 8.0 - math.log(corpus.strangers(one))
        return (Reason("same tax number", f"same tax or registration number ({one.upper()})", points),)
    lands = country_code(one[:2]), country_code(two[:2])
    if all(lands) and lands[0] != lands[1]:
        return (Reason("other tax numbers", f"tax numbers of two countries ({one.upper()} / {two.upper()})", -3.0),)
    if _shape(one) == _shape(two) and OSA.distance(one, two) > 1:
        return (Reason("other tax numbers", f"different tax numbers ({one.upper()} / {two.upper()})", -5.0),)
    return ()


def _shape(number: str) -> str:
    """Numbers of one register are written alike: the same letters first, the same number of digits."""
    return "".join("9" if sign.isdigit() else sign for sign in number)


def _phones(left: ReadRow, right: ReadRow, corpus: Corpus) -> tuple[Reason, ...]:
    if not left.phone or left.phone != right.phone:
        return ()
    return (Reason("same phone", f"same phone (…{left.phone})", 4.0 - math.log(corpus.strangers(left.phone))),)


def _external_ids(left: ReadRow, right: ReadRow, corpus: Corpus) -> tuple[Reason, ...]:
    if not left.external_id or left.external_id != right.external_id or not corpus.id_trust:
        return ()
    return (Reason("same external id", f"same external id ({left.row.external_id})", corpus.id_trust),)


def _family(left: ReadRow, right: ReadRow) -> tuple[Reason, ...]:
    if left.row.parent == right.row.key or right.row.parent == left.row.key:
        return (Reason("parent", "one is filed as the parent of the other", -6.0),)
    if left.row.parent and left.row.parent == right.row.parent:
        return (Reason("siblings", "both are filed under one parent", -2.5),)
    return ()
