"""Problem keys are permanent: whatever is created, merged or even deleted, no key is given twice."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from insights.models import Problem

STEPS = ("create", "create many", "merge", "delete newest", "delete all")


class AnyHistory(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(steps=st.lists(st.sampled_from(STEPS), max_size=12))
    def test_a_key_is_never_given_twice(self, steps: list[str]) -> None:
        given_keys: list[int] = []
        for step in [*steps, "create", "create many"]:
            if step == "create":
                given_keys.append(Problem.objects.create(title="One").pk)
            elif step == "create many":
                many = Problem.objects.bulk_create([Problem(title="Many"), Problem(title="More")])
                given_keys += [each.pk for each in many]
            elif step == "merge" and Problem.objects.count() > 1:
                first, second = Problem.objects.order_by("pk")[:2]
                Problem.objects.filter(pk=second.pk).update(merged_into=first)
            elif step.startswith("delete"):
                Problem.objects.update(merged_into=None)
                doomed = Problem.objects.order_by("-pk").values_list("pk", flat=True)
                Problem.objects.filter(pk__in=list(doomed[:1] if step == "delete newest" else doomed)).delete()
        assert len(set(given_keys)) == len(given_keys)
        assert given_keys == sorted(given_keys)
