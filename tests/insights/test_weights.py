"""Weights: versions that are never edited, looked at before they are published, and what follows."""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.test import Client

from customers.models import Account, Role
from feedback.models import Job, Severity
from insights.engine.score import Weights
from insights.models import Problem, Ranking, Touched, TouchKind, WeightsVersion
from insights.models.weights import RANGES
from insights.services.due import RANK
from insights.services.movement import problem_history
from insights.services.ranking import ranking_publish
from insights.services.receipts import receipts_check
from insights.services.snapshots import weights_json
from insights.services.triage import TriageSummary
from insights.services.weights import (
    WeightsRefusedError,
    weights_current,
    weights_figures,
    weights_from,
    weights_of_version,
    weights_publish,
)
from insights.services.weights_preview import weights_preview

pytestmark = pytest.mark.django_db
Drain = Callable[[], TriageSummary]
ADD = "/admin/insights/weightsversion/add/"
LIST = "/admin/insights/weightsversion/"
STEEP = Weights(churn_weight=Decimal("7.5"), half_life_days=Decimal(20))


def publish(weights: Weights = STEEP, reason: str = "Renewals come first this year") -> WeightsVersion:
    """A new version of somebody's."""
    return weights_publish(weights=weights, reason=reason, author=None)


def random_weights(chance: random.Random) -> Weights:
    """Anything that may be published."""
    places = {name: chance.choice([0, 1, 2, 4]) for name in RANGES}
    figures = {
        name: Decimal(chance.uniform(low, min(high, 900))).quantize(Decimal(1).scaleb(-places[name]))
        for name, (low, high) in RANGES.items()
    }
    return weights_from(figures=figures, version="")


def typed(**figures: str) -> dict[str, str]:
    """The form as it comes, with some figures typed over."""
    now = {name: f"{figure:f}" for name, figure in weights_figures(weights=weights_current()).items()}
    return {**now, "reason": "", **figures}


def told(answer: Any) -> str:
    """Every message of an answer."""
    return "\n".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.fixture
def decider(client: Client) -> Client:
    """A browser of somebody who may change weights, and nothing else."""
    user = User.objects.create_user("decider", is_staff=True)
    names = ["add_weightsversion", "view_weightsversion"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


def test_a_new_site_starts_with_the_defaults() -> None:
    assert WeightsVersion.objects.get().number == 1
    assert weights_current() == Weights()
    assert weights_json(weights_current()) == weights_json(Weights())


def test_there_is_a_weight_for_everything_that_is_weighed() -> None:
    assert {f"severity_{name}" for name in Severity.values} == {n for n in RANGES if n.startswith("severity_")}
    assert {f"role_{name}" for name in Role.values} == {n for n in RANGES if n.startswith("role_")}
    assert set(weights_figures(weights=Weights())) == set(RANGES)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_published_is_what_is_weighed_by(seed: int) -> None:
    weights = random_weights(random.Random(seed))  # noqa: S311 (the same weights each time)
    version = publish(weights)
    assert version.number == 2
    assert weights_current() == replace(weights, version="2") == weights_of_version(version=version)
    assert weights_json(weights_current()) == weights_json(weights)


def test_a_version_is_never_edited() -> None:
    version = publish()
    version.churn_weight = Decimal(1)
    with pytest.raises(TypeError, match="append-only"):
        version.save()


def test_the_next_ranking_says_which_weights_made_it(company: Ranking, drain: Drain) -> None:
    assert company.weights_version == "1"
    publish()
    assert [note.kind for note in Touched.objects.all()] == [TouchKind.EVERYTHING]
    assert Job.objects.open().filter(kind=RANK).count() == 1
    drain()
    ranking = Ranking.objects.latest()
    assert (ranking.number, ranking.weights_version) == (company.number + 1, "2")
    assert ranking.weights == weights_json(STEEP)
    assert receipts_check().wrong == ()


def test_weights_that_come_back_are_a_version_of_their_own(company: Ranking, drain: Drain) -> None:
    publish()
    publish(Weights(), "That was too much")
    drain()
    assert Ranking.objects.latest().weights_version == "3"
    assert weights_current() == replace(Weights(), version="3")


def test_why_it_moved_names_the_weights(company: Ranking, drain: Drain) -> None:
    publish()
    drain()
    moved = 0
    for problem in Problem.objects.with_members():
        newest, _ = problem_history(problem=problem, before=None, limit=2)
        assert newest.why is not None
        causes = {share.cause: share.amount for share in newest.why.shares if share.amount}
        assert sum(causes.values()) == newest.why.change
        assert set(causes) <= {"weights"}
        moved += bool(causes)
    assert moved


@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_before_is_what_follows(company: Ranking, drain: Drain, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same world each time)
    for account in Account.objects.all():
        account.arr = chance.choice([None, Decimal(chance.randrange(100, 900_000_00)).scaleb(-2)])
        account.churn_risk = chance.choice([None, Decimal(chance.randrange(10_001)).scaleb(-4)])
        account.save()
    ranking_publish()
    # By so little that the floor stays: it is another than these accounts would give.
    for account in Account.objects.exclude(arr=None):
        account.arr = ((account.arr or 0) * Decimal("1.04")).quantize(Decimal("0.01"))
        account.save()
    live = ranking_publish() or Ranking.objects.latest()
    weights = random_weights(chance)
    if chance.random() < 0.5:
        weights = replace(weights, free_floor_share=Weights().free_floor_share)
    preview = weights_preview(weights=weights)
    assert Ranking.objects.latest() == preview.ranking == live
    publish(weights)
    drain()
    before, after = (
        {entry.problem_id: (entry.rank, entry.score) for entry in ranking.entries.all()}
        for ranking in (live, Ranking.objects.latest())
    )
    assert {move.problem.pk: (move.rank, move.score) for move in preview.top} == before
    assert {move.problem.pk: (move.rank_then, move.score_then) for move in preview.top} == after
    assert [move.rank_then for move in preview.top] == sorted(rank for rank, _ in after.values())
    assert preview.problems == len(after)
    assert preview.moved == sum(before[key][0] != after[key][0] for key in after) == len(preview.movers)
    assert preview.total == sum(score for _, score in before.values())
    assert preview.total_then == sum(score for _, score in after.values())


def test_nothing_is_ranked_yet() -> None:
    preview = weights_preview(weights=STEEP)
    assert (preview.ranking, preview.problems, preview.top) == (None, 0, ())


@pytest.mark.parametrize(
    ("reason", "weights", "instead_of", "said"),
    [
        (" ", STEEP, None, "Say why"),
        ("Again", Weights(), None, "figures of weights 1, which are in use"),
        ("Mine", STEEP, "7", "Weights 1 were published meanwhile"),
    ],
)
def test_what_says_nothing_new_is_refused(reason: str, weights: Weights, instead_of: str | None, said: str) -> None:
    with pytest.raises(WeightsRefusedError, match=said):
        weights_publish(weights=weights, reason=reason, author=None, instead_of=instead_of)
    assert WeightsVersion.objects.count() == 1
    assert not Touched.objects.exists()


OUTSIDE = [(name, figure) for name, (low, high) in RANGES.items() for figure in (low - 1, high + 1)]


@pytest.mark.parametrize(("name", "figure"), OUTSIDE)
def test_a_weight_out_of_range_is_refused_everywhere(decider: Client, name: str, figure: int) -> None:
    answer = decider.post(ADD, typed(**{name: str(figure)}))
    low, high = RANGES[name]
    assert answer.context["adminform"].form.errors == {name: [f"From {low} to {high:,}."]}
    # Nothing that was typed is lost.
    assert f'value="{figure}"' in answer.content.decode()
    figures = {**weights_figures(weights=Weights()), name: Decimal(figure)}
    with pytest.raises(ValidationError, match="From"):
        publish(weights_from(figures=figures, version=""))
    with pytest.raises((IntegrityError, DataError), match=f"weights_{name}_in_range"), transaction.atomic():
        WeightsVersion.objects.create(number=2, reason="Past the form", **figures)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("weights_number_from_one", {"number": 0}),
        ("weights_have_a_reason", {"reason": ""}),
        ("weightsversion.number|number_key|number.*uniq", {"number": 1}),
    ],
)
def test_the_database_refuses(name: str, facts: dict[str, Any]) -> None:
    values = {"number": 2, "reason": "r", **weights_figures(weights=STEEP), **facts}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        WeightsVersion.objects.create(**values)


@pytest.mark.parametrize("figure", ["", "much", "0.12345", "1e9", "NaN", "Infinity"])
def test_what_is_no_figure_is_answered(decider: Client, figure: str) -> None:
    answer = decider.post(ADD, typed(churn_weight=figure))
    assert list(answer.context["adminform"].form.errors) == ["churn_weight"]
    assert WeightsVersion.objects.count() == 1


def test_a_change_is_looked_at_then_published(company: Ranking, decider: Client, drain: Drain) -> None:
    form = decider.get(ADD)
    text = form.content.decode()
    assert "From 0 to 10. Default 2, now 2." in text
    assert "See what would change" in text
    shown = decider.post(ADD, typed(churn_weight="9", half_life_days="20"))
    page = shown.content.decode()
    assert WeightsVersion.objects.count() == 1
    assert Ranking.objects.latest() == company
    assert "Churn weight 2 → 9" in page
    assert "Half-life in days 180 → 20" in page
    assert f"of {company.entries.count()} problems would move" in page
    for entry in company.entries.select_related("problem"):
        assert entry.problem.key in page
        assert f"${entry.score:,.2f}" in page
    # Who looks and goes back finds what was typed.
    back = decider.post(ADD, {**typed(churn_weight="9", half_life_days="20"), "_back": ""}).content.decode()
    assert 'name="churn_weight" value="9"' in back
    sent = {**typed(churn_weight="9", half_life_days="20"), "instead_of": "1", "_publish": ""}
    without = decider.post(ADD, sent).content.decode()
    assert "Say why they are changed" in without
    assert 'name="churn_weight" value="9"' in without
    answer = decider.post(ADD, {**sent, "reason": "Renewals come first"})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert "Weights 2 are published" in told(answer)
    version = WeightsVersion.objects.first()
    assert version is not None
    assert (version.churn_weight, version.reason) == (Decimal(9), "Renewals come first")
    assert version.author == User.objects.get(username="decider")
    drain()
    assert Ranking.objects.latest().weights_version == "2"
    listed = decider.get(LIST).content.decode()
    assert "Renewals come first" in listed
    assert "In use" in listed


def test_two_who_decide_at_once_hear_of_each_other(company: Ranking, decider: Client) -> None:
    sent = {**typed(churn_weight="9"), "instead_of": "1", "reason": "Mine", "_publish": ""}
    publish()
    answer = decider.post(ADD, sent)
    page = answer.content.decode()
    assert "Weights 2 were published meanwhile" in page
    assert "Churn weight 7.5 → 9" in page
    assert "Mine" in page
    assert WeightsVersion.objects.count() == 2
    # The page that says so is the one to decide upon.
    assert 'name="instead_of" value="2"' in page


def test_an_older_version_comes_back_through_the_same_look(company: Ranking, decider: Client) -> None:
    publish()
    address = f"{ADD}?from=1"
    assert address in decider.get(LIST).content.decode()
    page = decider.get(f"{LIST}{WeightsVersion.objects.get(number=1).pk}/change/").content.decode()
    assert address in page
    initial = decider.get(address).context["adminform"].form.initial
    assert {name: Decimal(initial[name]) for name in RANGES} == weights_figures(weights=Weights())
    shown = decider.post(address, {name: initial[name] for name in (*RANGES, "reason")}).content.decode()
    assert "Churn weight 7.5 → 2" in shown
    sent = {**{name: initial[name] for name in (*RANGES, "reason")}, "instead_of": "2", "_publish": ""}
    assert decider.post(address, sent).status_code == 302
    assert weights_current() == replace(Weights(), version="3")


@pytest.mark.parametrize("number", ["", "x", "99", "-1", "²", "9" * 40])
def test_a_version_that_is_not_there_is_the_one_in_use(decider: Client, number: str) -> None:
    form = decider.get(ADD, {"from": number}).context["adminform"].form
    assert {name: Decimal(form.initial[name]) for name in RANGES} == weights_figures(weights=Weights())


def test_only_who_may_changes_weights(client: Client) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_weightsversion", "change_weightsversion"]))
    client.force_login(user)
    sent = {**typed(churn_weight="9"), "instead_of": "1", "reason": "Mine", "_publish": ""}
    publish()
    assert "Bring back" not in client.get(LIST).content.decode()
    assert (client.get(ADD).status_code, client.post(ADD, sent).status_code) == (403, 403)
    version = WeightsVersion.objects.get(number=1)
    assert client.post(f"{LIST}{version.pk}/change/", sent).status_code == 403
    assert client.post(f"{LIST}{version.pk}/delete/", {"post": "yes"}).status_code == 403
    assert weights_current() == replace(STEEP, version="2")
