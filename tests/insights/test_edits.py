"""What people set on problems: all at once, told, undone to the last field."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.models import Problem, ProblemEdit, Ranking, Status, Theme
from insights.services.edits import EditRefusedError, edit_undo, problems_edit
from insights.services.ranking import ranking_refresh
from tests.factories import dump


def rows() -> object:
    """Everything about problems but when they last changed."""
    return [{**row, "updated_at": None} for row in dump("insights")["Problem"]]


def test_many_problems_are_set_at_once_and_undone(company: Ranking, manager: User) -> None:
    theme = Theme.objects.create(name="Access")
    problems = list(Problem.objects.all())
    Problem.objects.filter(pk=problems[0].pk).update(status="planned")
    before = rows()
    values = {"status": "planned", "theme_id": theme.pk, "owner_id": manager.pk}
    edit = problems_edit(problems=problems, values=values, author=manager)
    assert edit is not None
    assert {(p.status, p.theme, p.owner, p.themed_by) for p in Problem.objects.all()} == {
        ("planned", theme, manager, "person")
    }
    edit_undo(edit=edit)
    assert rows() == before
    with pytest.raises(EditRefusedError, match="undone already"):
        edit_undo(edit=edit)


def test_what_is_so_already_is_no_edit(company: Ranking) -> None:
    assert problems_edit(problems=list(Problem.objects.all()), values={"status": "new"}, author=None) is None
    assert ProblemEdit.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": "lost"}, "not a valid choice"),
        ({"merged_into_id": 1}, "is not a field of a problem that is set by hand"),
        ({"effort": Decimal(-1)}, "greater than"),
        ({"job_want": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_set_is_refused(company: Ranking, values: dict[str, object], why: str) -> None:
    before = rows()
    with pytest.raises(EditRefusedError, match=why):
        problems_edit(problems=list(Problem.objects.all()), values=values, author=None)
    assert rows() == before


def test_an_estimate_is_ranked_by_within_the_next_ranking(company: Ranking) -> None:
    problem = Problem.objects.earliest("pk")
    edit = problems_edit(problems=[problem], values={"effort": Decimal("2.00")}, author=None)
    ranking = ranking_refresh()
    assert edit is not None
    assert ranking is not None
    entry = ranking.entries.get(problem=problem)
    assert entry.value_per_effort == (entry.score / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
    edit_undo(edit=edit)
    again = ranking_refresh()
    assert again is not None
    assert again.entries.get(problem=problem).value_per_effort is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sets(st.integers(0, 3), min_size=1),
            st.fixed_dictionaries(
                {},
                optional={
                    "status": st.sampled_from(Status.values),
                    "job_want": st.sampled_from(["", "export", "sign in"]),
                    "effort": st.sampled_from([None, Decimal("1.50"), Decimal("3.00")]),
                },
            ).filter(bool),
        ),
        max_size=6,
    )
)
def test_undone_from_the_last_to_the_first_everything_is_as_it_was(
    company: Ranking, edits: list[tuple[set[int], dict[str, object]]]
) -> None:
    before, problems, made = rows(), list(Problem.objects.order_by("pk")), []
    for which, values in edits:
        made.append(problems_edit(problems=[problems[n] for n in which], values=values, author=None))
    for edit in filter(None, reversed(made)):
        edit_undo(edit=edit)
    assert rows() == before


def test_an_edit_under_a_later_one_waits_for_it(company: Ranking) -> None:
    one, other = Problem.objects.order_by("pk")[:2]
    first = problems_edit(problems=[one, other], values={"status": "planned"}, author=None)
    problems_edit(problems=[other], values={"owner_id": User.objects.create_user("bob").pk}, author=None)
    second = problems_edit(problems=[other], values={"status": "shipped"}, author=None)
    assert first is not None
    assert second is not None
    with pytest.raises(EditRefusedError, match="A later change set the same"):
        edit_undo(edit=first)
    edit_undo(edit=second)
    edit_undo(edit=first)
    assert set(Problem.objects.values_list("status", flat=True)) == {"new"}


def test_undoing_takes_the_role(company: Ranking, browser: Client, manager: User) -> None:
    edit = problems_edit(problems=list(Problem.objects.all()), values={"status": "planned"}, author=None)
    assert edit is not None
    path = f"/undo/edit/{edit.pk}/"
    assert browser.post(path).status_code == 403
    manager.groups.add(Group.objects.get(name="Product manager"))
    assert browser.get(path).status_code == 405
    answer = browser.post(path, {"next": "/?status=all"}, follow=True)
    assert answer.redirect_chain == [("/?status=all", 302)]
    assert "Undone: it is as it was before." in answer.content.decode()
    assert "undone already" in browser.post(path, {"next": "//evil.example"}, follow=True).content.decode()
