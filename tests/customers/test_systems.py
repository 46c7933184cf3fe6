"""An account's facts follow from what its systems say."""

import datetime as dt
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.models import Account, SystemAccount, SystemPriority
from customers.services.accounts import account_edit
from customers.services.activity import usage_store
from customers.services.provenance import provenance
from customers.sources.activity import UsageRecord
from tests.customers.words import DAY, facts_of, say
from tests.factories import dump, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Account:
    """An account that nobody has described: every system that uses its id speaks of it, one after the other."""
    return make_account("A1", arr=None)


def _describe(*systems: str) -> None:
    """Systems that know account A1 by the same id."""
    account = Account.objects.get(external_id="A1")
    for system in systems:
        SystemAccount.objects.create(system=system, external_id="A1", account=account)


def _edit(external_id: str, *, days: int = 0, **facts: object) -> None:
    """A person types facts into the account's form."""
    account = Account.objects.get(external_id=external_id)
    for field, value in facts.items():
        setattr(account, field, value)
    account_edit(account=account, changed=list(facts), today=DAY + dt.timedelta(days=days))


def test_the_newer_word_counts_between_systems_of_one_priority(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", plan="Pro")
    say("billing", days=1, plan="Team")
    assert facts_of("A1", "plan") == ("Team",)
    say("crm", days=2, plan="Basic")
    assert facts_of("A1", "plan") == ("Basic",)


def test_a_word_that_is_said_again_is_no_newer(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", plan="Pro")
    say("billing", days=1, plan="Team")
    say("crm", days=2, plan="Pro")
    assert facts_of("A1", "plan") == ("Team",)


def test_of_words_from_one_day_the_system_that_was_known_first_counts(one: Account) -> None:
    _describe("crm", "billing")
    say("billing", plan="Team")
    say("crm", plan="Pro")
    assert facts_of("A1", "plan") == ("Pro",)


def test_the_smaller_priority_counts_however_old_its_word(one: Account) -> None:
    _describe("crm", "billing")
    SystemPriority.objects.create(system="billing", priority=20)
    SystemPriority.objects.create(system="crm", field="owner", priority=5)
    say("billing", plan="Team", owner="Bo")
    say("crm", days=9, plan="Pro", owner="Al")
    assert facts_of("A1", "plan", "owner") == ("Team", "Al")


def test_a_blank_never_beats_a_value(one: Account) -> None:
    _describe("crm", "billing")
    SystemPriority.objects.create(system="billing", priority=1)
    say("crm", plan="Pro", arr="10", nps="-5", fit_reasons="")
    say("billing", days=1, plan="", arr="", nps="", fit_reasons="small")
    assert facts_of("A1", "plan", "arr", "nps", "fit_reasons") == ("Pro", Decimal(10), -5, ["small"])


def test_a_word_taken_back_lets_the_next_system_speak_and_the_last_one_leaves_a_blank(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", plan="Pro", health_score="0")
    say("billing", days=1, plan="Team", health_score="90")
    say("billing", days=2, plan="", health_score="")
    assert facts_of("A1", "plan", "health_score") == ("Pro", 0)
    say("crm", days=3, plan="", health_score="")
    assert facts_of("A1", "plan", "health_score") == ("", None)


def test_columns_that_a_file_lacks_say_nothing(one: Account) -> None:
    say("crm", plan="Pro", owner="Al", arr="5")
    say("crm", days=1, plan="Team")
    assert facts_of("A1", "plan", "owner", "arr") == ("Team", "Al", Decimal(5))


def test_facts_that_nobody_speaks_of_stay() -> None:
    make_account("A1", owner="Al", arr=Decimal(7))
    say("crm", plan="Pro")
    assert facts_of("A1", "owner", "arr", "plan") == ("Al", Decimal(7), "Pro")


def test_a_stage_comes_with_the_day_of_leaving_from_one_system(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", churned_on="2026-01-31")
    assert facts_of("A1", "stage", "churned_on") == ("churned", dt.date(2026, 1, 31))
    say("billing", days=1, stage="renewing")
    assert facts_of("A1", "stage", "churned_on") == ("renewing", None)
    say("billing", days=2, churned_on="2026-02-28")
    assert facts_of("A1", "stage", "churned_on") == ("churned", dt.date(2026, 2, 28))


@pytest.mark.parametrize(
    ("first", "then", "facts"),
    [
        # Both from the newer word.
        ({"seats": 100, "active_seats": 80}, {"seats": 50, "active_seats": 40}, (50, 40)),
        # Where the newer word is silent, the older one fills in, but never to more active seats than there are.
        ({"seats": 100, "active_seats": 80}, {"active_seats": 40}, (100, 40)),
        ({"seats": 100, "active_seats": 80}, {"seats": 90}, (90, 80)),
        ({"seats": 100, "active_seats": 80}, {"seats": 50}, (50, None)),
        ({"seats": 30}, {"active_seats": 40}, (None, 40)),
    ],
)
@pytest.mark.parametrize("systems", [("crm", "billing"), ("crm", "crm")])
def test_seats_and_active_seats_never_contradict(
    first: dict[str, int], then: dict[str, int], facts: tuple[int | None, ...], systems: tuple[str, str], one: Account
) -> None:
    _describe(*sorted(set(systems)))
    say(systems[0], **first)
    say(systems[1], days=1, **then)
    assert facts_of("A1", "seats", "active_seats") == facts


@pytest.mark.parametrize("systems", [("crm", "billing"), ("crm", "crm")])
def test_a_contract_never_ends_before_its_start(systems: tuple[str, str], one: Account) -> None:
    _describe(*sorted(set(systems)))
    say(systems[0], contract_start="2025-01-01", contract_end="2025-12-31")
    say(systems[1], days=1, contract_start="2026-01-01")
    assert facts_of("A1", "contract_start", "contract_end") == (dt.date(2026, 1, 1), None)
    say(systems[1], days=2, contract_end="2026-12-31")
    assert facts_of("A1", "contract_start", "contract_end") == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def test_usage_without_seats_leaves_the_seats_that_another_system_knows() -> None:
    say("crm", seats=100)
    usage_store(records=[UsageRecord("A1", DAY, None, 40)], system="app", today=DAY)
    assert facts_of("A1", "seats", "active_seats") == (100, 40)


def test_amounts_come_in_the_currency_of_whoever_is_believed_on_the_revenue(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", arr="100", currency="USD", lifetime_value="300", pipeline="7")
    say("billing", days=1, arr="90", currency="EUR", lifetime_value="250")
    assert facts_of("A1", "arr", "currency", "lifetime_value", "pipeline") == (90, "EUR", 250, None)
    say("billing", days=2, arr="", currency="EUR", lifetime_value="250")
    assert facts_of("A1", "arr", "currency", "lifetime_value", "pipeline") == (100, "USD", 300, 7)


def test_without_revenue_the_pipeline_decides_the_currency(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", pipeline="10", currency="GBP")
    say("billing", lifetime_value="20", currency="EUR")
    assert facts_of("A1", "arr", "currency", "pipeline", "lifetime_value") == (None, "GBP", 10, None)


@override_settings(HEARD_BASE_CURRENCY="EUR")
def test_amounts_without_a_currency_keep_the_one_that_the_system_named_before(one: Account) -> None:
    say("crm", arr="5", currency="GBP")
    say("crm", days=1, arr="6")
    assert facts_of("A1", "arr", "currency") == (6, "GBP")


def test_the_same_id_in_two_systems_is_two_accounts() -> None:
    say("crm", "1", name="Acme")
    say("billing", "1", name="Zenith")
    say("billing", "1", name="Zenith", plan="Pro", days=1)
    named = dict(Account.objects.values_list("external_id", "name"))
    assert named == {"1": "Acme", "billing:1": "Zenith"}
    assert facts_of("billing:1", "plan") == ("Pro",)


@pytest.mark.parametrize("taken", ["x" * 100, "1"])
def test_accounts_of_two_systems_are_kept_apart_however_their_ids_look(taken: str) -> None:
    similar = f"{taken[:-1]}y"
    for external_id in (taken, similar, f"billing:{taken}"[:100]):
        say("crm", external_id, name=f"crm {external_id}")
    for external_id in (taken, similar):
        say("billing", external_id, name=f"billing {external_id}")

    by_system = SystemAccount.objects.select_related("account")
    assert all(each.account.name == f"{each.system} {each.external_id}" for each in by_system)
    assert Account.objects.count() == 5


def test_an_account_that_nobody_has_described_is_found_by_its_id() -> None:
    account = make_account("A1", owner="Al")
    _edit("A1", plan="Typed")
    usage_store(records=[UsageRecord("A1", DAY, 10, 4)], system="app", today=DAY)

    stored = say("crm", "A1", name="From the CRM", plan="Pro")

    assert (stored.created, stored.updated) == (0, 1)
    assert Account.objects.get() == account
    assert facts_of("A1", "name", "plan", "owner") == ("From the CRM", "Typed", "Al")


def test_a_fact_typed_by_hand_counts_until_it_is_taken_back(one: Account) -> None:
    say("crm", plan="Pro", owner="Al")
    _edit("A1", days=1, plan="Typed")
    say("crm", days=2, plan="Team", owner="Bo")
    assert facts_of("A1", "plan", "owner") == ("Typed", "Bo")
    _edit("A1", days=3, plan="")
    assert facts_of("A1", "plan", "owner") == ("Team", "Bo")


def test_a_blank_typed_over_a_systems_word_takes_nothing_back(one: Account) -> None:
    say("crm", plan="Pro", health_score="50")
    _edit("A1", plan="", health_score=None)
    assert facts_of("A1", "plan", "health_score") == ("Pro", 50)


def test_a_fact_that_no_system_speaks_of_is_what_was_typed_and_then_blank(one: Account) -> None:
    _edit("A1", owner="Al")
    assert facts_of("A1", "owner") == ("Al",)
    _edit("A1", owner="")
    assert facts_of("A1", "owner") == ("",)


def test_a_typed_stage_brings_its_day_along(one: Account) -> None:
    say("crm", churned_on="2026-01-31")
    _edit("A1", stage="adopting", churned_on=None)
    assert facts_of("A1", "stage", "churned_on") == ("adopting", None)


def test_what_the_usage_says_belongs_to_its_account_even_when_ids_change_hands() -> None:
    make_account("A1")
    usage_store(records=[UsageRecord("A1", DAY, 10, 1)], system="app", today=DAY)
    Account.objects.update(external_id="A0")
    make_account("A1")
    usage_store(records=[UsageRecord("A1", DAY, 10, 9)], system="app", today=DAY)
    assert (facts_of("A0", "active_seats"), facts_of("A1", "active_seats")) == ((1,), (9,))


def test_the_provenance_says_who_said_what_when_and_whose_word_counts(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", name="Acme", plan="Pro", seats=100, active_seats=80)
    say("billing", name="Acme Inc", days=1, plan="Team", active_seats=90, arr="5")
    _edit("A1", days=2, name="ACME")

    one.refresh_from_db()
    said: dict[str, list[tuple[object, ...]]] = {}
    for word in provenance(account=one):
        said.setdefault(word.field, []).append((word.system, word.value, (word.said_on - DAY).days, word.counts))
    assert said == {
        "name": [("heard", "ACME", 2, True), ("billing", "Acme Inc", 1, False), ("crm", "Acme", 0, False)],
        "plan": [("billing", "Team", 1, True), ("crm", "Pro", 0, False)],
        "seats": [("crm", 100, 0, True)],
        "active_seats": [("billing", 90, 1, True), ("crm", 80, 0, False)],
        "arr": [("billing", Decimal(5), 1, True)],
        "currency": [("billing", "USD", 1, True)],
    }
    assert {word.external_id for word in provenance(account=one)} == {"A1"}


def test_a_word_that_an_amount_in_another_currency_pushes_aside_does_not_count(one: Account) -> None:
    _describe("crm", "billing")
    say("crm", arr="100", currency="USD", lifetime_value="300")
    say("billing", days=1, arr="90", currency="EUR")
    one.refresh_from_db()
    counts = {(word.field, word.system): word.counts for word in provenance(account=one) if word.field != "name"}
    assert counts == {
        ("arr", "billing"): True,
        ("arr", "crm"): False,
        ("currency", "billing"): True,
        ("currency", "crm"): False,
        ("lifetime_value", "crm"): False,
    }


VALUES = {
    "plan": st.sampled_from(["", "Pro", "Team"]),
    "seats": st.sampled_from(["", "3", "7"]),
    "active_seats": st.sampled_from(["", "2", "3"]),
    "contract_start": st.sampled_from(["", "2026-01-01", "2026-06-01"]),
    "contract_end": st.sampled_from(["", "2026-06-01", "2026-12-31"]),
    "churned_on": st.sampled_from(["", "2026-01-31"]),
    "arr": st.sampled_from(["", "5"]),
    "currency": st.sampled_from(["USD", "EUR"]),
}
FILES = st.sets(st.sampled_from(sorted(VALUES))).flatmap(
    lambda columns: st.fixed_dictionaries({column: VALUES[column] for column in sorted(columns)})
)
SAID = st.tuples(st.sampled_from(["crm", "billing", "app"]), FILES)


class AnyWords(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(said=st.lists(SAID, max_size=6))
    @settings(max_examples=60)
    def test_any_words_leave_facts_that_somebody_said_and_that_do_not_contradict(
        self, said: list[tuple[str, dict[str, Any]]]
    ) -> None:
        make_account("A1", arr=None)
        _describe("crm", "billing", "app")
        for days, (system, values) in enumerate(said):
            # The database refuses facts that contradict each other: every call is a test.
            say(system, days=days, **values)

        account = Account.objects.get()
        counting = {word.field: word.value for word in provenance(account=account) if word.counts}
        for field in ("plan", "seats", "active_seats", "contract_start", "contract_end", "arr"):
            value = getattr(account, field)
            assert value == counting.get(field, "" if field == "plan" else None)
        spoken = {word.field for word in provenance(account=account)}
        assert {"plan", "arr", "stage"} & spoken <= set(counting)

    @given(files=st.tuples(FILES, FILES, FILES))
    @settings(max_examples=25)
    def test_the_facts_are_the_same_in_whatever_order_the_systems_spoke(
        self, files: tuple[dict[str, Any], ...]
    ) -> None:
        for priority, system in enumerate(("crm", "billing", "app")):
            SystemPriority.objects.create(system=system, priority=priority)
        found: list[tuple[object, ...]] = []
        for number, order in enumerate(permutations(range(3))):
            account = make_account(f"A{number}", arr=None)
            for system in ("crm", "billing", "app"):
                SystemAccount.objects.create(system=system, external_id=f"A{number}", account=account)
            for at in order:
                say(("crm", "billing", "app")[at], f"A{number}", **files[at])
            found.append(facts_of(f"A{number}", *VALUES, "stage"))
        assert set(found) == {found[0]}


def test_the_same_words_again_change_no_byte(one: Account) -> None:
    words: dict[str, Any] = {
        "plan": "Pro",
        "arr": "5.10",
        "seats": 4,
        "fit": "0.9",
        "fit_reasons": "a;b",
        "churned_on": "2026-01-31",
    }
    say("crm", **words)
    before = dump("customers")
    assert say("crm", days=5, **words).unchanged == 1
    assert dump("customers") == before
