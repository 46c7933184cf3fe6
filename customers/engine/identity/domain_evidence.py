"""What web and e-mail domains say about whether two rows are one company."""

import math

from rapidfuzz.distance import OSA

from customers.engine.identity.corpus import Corpus, ReadRow
from customers.engine.identity.domains import domain_word
from customers.engine.identity.rows import Reason

_WORLDWIDE = frozenset({"com", "net", "org", "io", "ai", "co", "app", "dev", "eu", "info", "biz"})
_SHARED_BY_MANY = 5  # companies under one domain: then it is a reseller's, an adviser's or a group's


def domain_reasons(left: ReadRow, right: ReadRow, corpus: Corpus, *, branch: bool, unlike: bool) -> tuple[Reason, ...]:
    """The one strongest thing that the domains tell.

    `branch`: the names tell parts of one company, which share domains without being one account. `unlike`: the names do
    not meet, so that a domain that spells a name is news.
    """
    if left.domain and left.domain == right.domain:
        return (_shared_domain("same domain", "same domain", left.domain, 7.0, corpus, branch=branch),)
    crossed = ({left.domain} & right.contact_domains) | ({right.domain} & left.contact_domains)
    common = left.contact_domains & right.contact_domains
    for found, points, text in (
        (crossed - {""}, 5.5, "contacts of one write from the other's domain"),
        (common, 4.5, "contacts of both write from"),
    ):
        if found:
            rarest = min(found, key=lambda domain: (corpus.strangers(domain), domain))
            return (_shared_domain("same contacts' domain", text, rarest, points, corpus, branch=branch),)
    if left.domain and right.domain:
        return (_other_domains(left, right, corpus),)
    if unlike and (spelled := _spelled_by_domain(left, right)):
        return spelled
    return _other_contacts(left, right, corpus)


def _shared_domain(code: str, text: str, domain: str, points: float, corpus: Corpus, *, branch: bool) -> Reason:
    if branch:
        return Reason(code, f"{text} {domain}, as the branches of one company do", 1.0)
    companies = corpus.strangers(domain)
    shared = f", which about {companies} companies use" if companies > 1 else ""
    return Reason(code, f"{text} {domain}{shared}", points - math.log(companies))


def _other_domains(left: ReadRow, right: ReadRow, corpus: Corpus) -> Reason:
    told = f"{left.domain} / {right.domain}"
    one, two = domain_word(left.domain), domain_word(right.domain)
    if one == two:
        national = not {domain.rpartition(".")[2] for domain in (left.domain, right.domain)} & _WORLDWIDE
        if national:
            return Reason("like domains", f"domains differ only in country ({told})", -1.0)
        if left.domain.partition(".")[0] == right.domain.partition(".")[0]:
            return Reason("like domains", f"domains differ only in ending ({told})", -0.7)
        return Reason("like domains", f"domains differ only in additions ({told})", 0.0)
    if max(corpus.strangers(left.domain), corpus.strangers(right.domain)) >= _SHARED_BY_MANY:
        return Reason("other domains", f"different domains, one of them used by many ({told})", -0.5)
    if min(len(one), len(two)) >= 5 and (one.startswith(two) or two.startswith(one) or OSA.distance(one, two) == 1):
        return Reason("other domains", f"different domains that look alike ({told})", -0.5)
    own = _named_after(left, one) and _named_after(right, two)
    return Reason("other domains", f"different domains ({told})", -2.5 if own else -1.2)


def _other_contacts(left: ReadRow, right: ReadRow, corpus: Corpus) -> tuple[Reason, ...]:
    """Where a website is missing, the contacts' domains tell: unless many companies use them, or they are alike."""
    one, two = (
        {domain: domain_word(domain) for domain in row.domains if corpus.strangers(domain) < _SHARED_BY_MANY}
        for row in (left, right)
    )
    if not one or not two:
        return ()
    told = f"{', '.join(sorted(one))} / {', '.join(sorted(two))}"
    if {*one.values()} & {*two.values()}:
        return (Reason("like domains", f"contacts' domains differ only in ending or additions ({told})", -0.5),)
    own = any(_named_after(left, word) for word in one.values()) and any(
        _named_after(right, word) for word in two.values()
    )
    return (Reason("other domains", f"contacts write from different domains ({told})", -2.0 if own else -1.0),)


def _named_after(row: ReadRow, word: str) -> bool:
    """Whether the word in a domain comes from the row's name: if not, it may be another's domain or a brand."""
    return any(
        bool(name.core) and (word.startswith(name.core[0]) or word in name.spelled or word in name.initials)
        for name in row.names
    )


def _spelled_by_domain(left: ReadRow, right: ReadRow) -> tuple[Reason, ...]:
    """A domain that spells the other row's name helps where the names themselves do not meet."""
    for one, two in ((left, right), (right, left)):
        word = domain_word(one.domain) if one.domain else ""
        if len(word) >= 3 and any(word in name.spelled for name in two.names):
            return (Reason("spelled by domain", f"{one.domain} spells the name {two.names[0].shown}", 4.0),)
    return ()
