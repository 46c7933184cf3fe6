"""Why a score moved: the causes sum to the difference, and each change goes to its own cause."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.movement import Cause, DatedAsk, Holding, Standing, customers_with_more, movement
from insights.engine.score import Customer, Weights, score_problem

DAY = dt.date(2026, 10, 1)
PROBLEMS = ("exports", "login", None)
WEIGHTS = Weights()
ACME = Customer("acme", "Acme", Decimal("10000.00"), Decimal("0.2500"), Decimal("0.5000"), Decimal("0.9000"))


@dataclass(frozen=True)
class World:
    """Every item with its customer and problem (None: under none), on one day."""

    day: dt.date
    weights: Weights
    customers: Mapping[str, Customer]
    items: Mapping[int, tuple[str, str | None, DatedAsk]]

    def standing(self, problem: str) -> Standing:
        """How a problem stands in it."""
        asks: dict[str, list[DatedAsk]] = {}
        for customer, its_problem, ask in self.items.values():
            if its_problem == problem:
                asks.setdefault(customer, []).append(ask)
        dated = [ask.on(self.day, customer=key) for key, its in asks.items() for ask in its]
        lines = score_problem(dated, self.customers, self.weights).lines
        holdings = {
            line.customer.key: Holding(line.customer, tuple(asks[line.customer.key]), line.amount) for line in lines
        }
        return Standing(self.day, self.weights, holdings)

    def counted(self, besides: str) -> set[int]:
        """Items under other problems."""
        return {item for item, (_, problem, _) in self.items.items() if problem not in {None, besides}}


def causes(before: World, after: World, problem: str = "exports") -> dict[Cause, Decimal]:
    """The share of each cause that has one."""
    shares = movement(
        before.standing(problem),
        after.standing(problem),
        counted_before=before.counted(problem),
        counted_after=after.counted(problem),
    )
    assert [share.cause for share in shares] == list(Cause)
    return {share.cause: share.amount for share in shares if share.amount}


factors = st.decimals(0, 1, places=4)
money = st.decimals("0.01", 5_000_000, places=2)
moments = st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1))
weights = st.builds(
    Weights,
    churn_weight=st.decimals(0, 5, places=2),
    half_life_days=st.decimals(1, 700, places=0),
    role=st.just(WEIGHTS.role) | st.just(dict.fromkeys(WEIGHTS.role, Decimal("0.35"))),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to four customers and twelve items on one of two problems."""
    keys = "abcd"
    customers = {
        key: Customer(key, key.upper(), draw(money), draw(factors), draw(factors), draw(factors)) for key in keys
    }
    items = {}
    for item in draw(st.sets(st.integers(1, 12))):
        said = DatedAsk(
            item,
            draw(moments),
            draw(st.sampled_from(sorted(WEIGHTS.severity))),
            draw(st.sampled_from(sorted(WEIGHTS.role))),
            draw(st.none() | factors),
        )
        items[item] = (draw(st.sampled_from(keys)), draw(st.sampled_from(PROBLEMS)), said)
    return World(draw(moments), draw(weights), customers, items)


def world(items: Iterable[tuple[int, str]] = ((1, "exports"),), *, day: dt.date = DAY, acme: Customer = ACME) -> World:
    """Acme's items, said on the day before, by their problem."""
    said = {item: ("acme", problem, DatedAsk(item, DAY - dt.timedelta(1), "high", "buyer")) for item, problem in items}
    return World(day, WEIGHTS, {"acme": acme}, said)


@given(worlds(), worlds(), st.sampled_from(PROBLEMS[:2]))
@settings(max_examples=150, deadline=None)
def test_the_causes_sum_to_the_difference_to_the_cent(before: World, after: World, problem: str) -> None:
    difference = after.standing(problem).score - before.standing(problem).score
    assert sum(causes(before, after, problem).values(), Decimal(0)) == difference


@given(worlds(), worlds())
@settings(max_examples=60, deadline=None)
def test_the_way_back_moves_as_much_by_customers_as_the_way_there(before: World, after: World) -> None:
    there, back = causes(before, after), causes(after, before)
    assert there.get(Cause.NEW_CUSTOMERS, 0) == -back.get(Cause.LOST_CUSTOMERS, 0)


@given(worlds(), worlds(), st.sampled_from(sorted(WEIGHTS.severity)))
@settings(max_examples=60, deadline=None)
def test_items_of_another_problem_change_nothing(before: World, after: World, severity: str) -> None:
    unrelated = {
        item: (customer, "login", DatedAsk(item, DAY, severity, "buyer"))
        for item, customer in enumerate("aabcd", start=100)
    }
    fuller = replace(after, items={**after.items, **unrelated})
    assert fuller.standing("exports") == after.standing("exports")
    assert causes(before, fuller) == causes(before, after)


@given(worlds(), st.integers(1, 400))
@settings(max_examples=60, deadline=None)
def test_time_alone_only_ages(before: World, days: int) -> None:
    moved = causes(before, replace(before, day=before.day + dt.timedelta(days)))
    assert set(moved) <= {Cause.AGEING}
    assert moved.get(Cause.AGEING, 0) <= 0


def test_a_customer_who_begins_or_stops_asking_counts_whole() -> None:
    nobody, asking = world([]), world()
    score = asking.standing("exports").score
    assert causes(nobody, asking) == {Cause.NEW_CUSTOMERS: score}
    assert causes(asking, nobody) == {Cause.LOST_CUSTOMERS: -score}


def test_items_that_come_from_another_problem_are_regrouped_and_not_new() -> None:
    assert set(causes(world([(1, "login")]), world())) == {Cause.REGROUPING}
    assert set(causes(world(), world([(1, "login")]))) == {Cause.REGROUPING}
    apart, together = world([(1, "exports"), (2, "login")]), world([(1, "exports"), (2, "exports")])
    assert set(causes(apart, together)) == {Cause.REGROUPING}
    assert set(causes(together, apart)) == {Cause.REGROUPING}


def test_an_item_that_changes_its_customer_is_regrouped() -> None:
    before = world()
    globex = replace(ACME, key="globex", name="Globex")
    items = {item: ("globex", problem, ask) for item, (_, problem, ask) in before.items.items()}
    after = replace(before, customers={"globex": globex}, items=items)
    shares = movement(before.standing("exports"), after.standing("exports"), counted_before=(), counted_after=())
    [regrouping] = [share for share in shares if share.customers]
    assert (regrouping.cause, regrouping.amount) == (Cause.REGROUPING, Decimal("0.00"))
    assert regrouping.customers == ("Acme", "Globex")


def test_a_further_item_and_a_corrected_one_count_as_items() -> None:
    assert set(causes(world(), world([(1, "exports"), (2, "exports")]))) == {Cause.ITEMS}
    before = world()
    worse = {1: ("acme", "exports", replace(before.items[1][2], severity="blocking"))}
    assert set(causes(before, replace(before, items=worse))) == {Cause.ITEMS}


def test_each_fact_of_a_customer_has_its_cause() -> None:
    for changed, cause in (
        (replace(ACME, value=Decimal("20000.00")), Cause.VALUE),
        (replace(ACME, churn_risk=Decimal("0.5000")), Cause.CHURN_RISK),
        (replace(ACME, renewal_nearness=Decimal("1.0000")), Cause.CHURN_RISK),
        (replace(ACME, fit=Decimal("0.5000")), Cause.FIT),
    ):
        assert set(causes(world(), world(acme=changed))) == {cause}


def test_new_weights_have_a_cause_of_their_own() -> None:
    assert set(causes(world(), replace(world(), weights=Weights(churn_weight=Decimal(3))))) == {Cause.WEIGHTS}


def test_a_customer_with_more_is_one_with_an_item_that_the_problem_lacked() -> None:
    less, more = world().standing("exports"), world([(1, "exports"), (2, "exports")]).standing("exports")
    assert customers_with_more(less, more) == {"acme"}
    assert customers_with_more(more, less) == set()
