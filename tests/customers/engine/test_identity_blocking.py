"""Few pairs are compared, and the right ones are among them."""

from customers.engine.identity.blocking import candidate_pairs
from customers.engine.identity.corpus import read_corpus
from customers.engine.identity.rows import CompanyRow
from tests.customers.engine.mess import mess


def test_nearly_all_duplicates_are_compared_and_few_others() -> None:
    world = mess(2)
    corpus = read_corpus(world.rows)
    keys = [row.row.key for row in corpus.rows]
    compared = {(keys[left], keys[right]) for left, right in candidate_pairs(corpus).tolist()}
    truth = world.true_pairs()
    assert len(compared & truth) / len(truth) >= 0.98
    assert len(compared) <= 10 * len(keys)


def test_a_domain_of_thousands_does_not_bring_all_of_them_together() -> None:
    rows = [CompanyRow(f"{n:04d}", "crm", f"Klant{n * 7919 % 10_007}a", domain="reseller.com") for n in range(3_000)]
    assert len(candidate_pairs(read_corpus(rows))) <= 20 * len(rows)


def test_thousands_of_one_name_do_not_all_meet() -> None:
    rows = [CompanyRow(f"{n:04d}", "crm", "Smith", domain=f"smith{n}.com") for n in range(3_000)]
    assert len(candidate_pairs(read_corpus(rows))) <= 20 * len(rows)


def test_nothing_is_compared_where_there_is_nobody() -> None:
    assert len(candidate_pairs(read_corpus([]))) == 0
    assert len(candidate_pairs(read_corpus([CompanyRow("x", "crm", "Acme")]))) == 0
