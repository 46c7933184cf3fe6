"""Groups follow the pairs, but never join companies that plainly differ."""

from customers.engine.identity.duplicates import find_duplicates
from customers.engine.identity.rows import CompanyRow


def test_three_accounts_of_one_company_make_one_group() -> None:
    rows = [
        CompanyRow("a", "crm", "Kvellora Brewing GmbH", domain="kvellora.com"),
        CompanyRow("b", "billing", "Kvellora Brewing"),
        CompanyRow("c", "support", "KVELLORA BREWING", domain="kvellora.com"),
        CompanyRow("d", "support", "Talvik Logistics"),
    ]
    assert find_duplicates(rows).groups == (("a", "b", "c"),)


def test_an_account_that_fits_two_subsidiaries_does_not_chain_them() -> None:
    rows = [
        CompanyRow("a", "crm", "Kvellora Germany GmbH", domain="kvellora.com", country="DE"),
        CompanyRow("b", "billing", "Kvellora", domain="kvellora.com", phone="+49 30 1234567", tax_id="DE811907980"),
        CompanyRow("c", "crm", "Kvellora France SAS", domain="kvellora.com", country="FR"),
    ]
    rows[0] = CompanyRow(**{**vars(rows[0]), "phone": "+49 30 1234567", "tax_id": "DE811907980"})
    rows[2] = CompanyRow(**{**vars(rows[2]), "phone": "+49 30 1234567", "tax_id": "DE811907980"})
    found = find_duplicates(rows)
    assert ("a", "b") in {(pair.left, pair.right) for pair in found.pairs}
    assert not any({"a", "c"} <= set(group) for group in found.groups)


def test_a_pair_held_apart_parts_the_group() -> None:
    rows = [
        CompanyRow(key, system, "Kvellora", domain="kvellora.com") for key, system in (("a", "crm"), ("b", "billing"))
    ]
    assert find_duplicates(rows).groups == (("a", "b"),)
    assert find_duplicates(rows, apart=[("b", "a")]) == find_duplicates([])
