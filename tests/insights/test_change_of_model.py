"""Another model: everything is read anew in the background, and nothing is lost or shuffled meanwhile."""

from collections.abc import Callable

import pytest

from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from insights.embedding.encoder import Encoder
from insights.models import Embedding, Membership, Ranking, Run
from insights.services.embedding import encoder
from insights.services.triage import TriageSummary
from tests.factories import make_record


def test_after_a_change_of_model_all_texts_are_read_again_and_keep_their_problems(
    company: Ranking, drain: Callable[[], TriageSummary], monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = dict(Membership.objects.values_list("item_id", "problem_id"))
    old = Run.objects.published()[0].model
    encoder()
    # The same files under another name are another model to Heard.
    monkeypatch.setattr(Encoder, "version", property(lambda _self: "another-model"))
    feedback_ingest(records=[make_record("late-1", "Single sign-on with our identity provider, please (SSO)")])
    drain()
    run = Run.objects.published()[0]
    assert run.model != old
    texts = FeedbackItem.objects.values("text_hash").distinct().count()
    assert Embedding.objects.filter(model=run.model).count() == texts
    now = dict(Membership.objects.values_list("item_id", "problem_id"))
    assert {item: now[item] for item in homes} == homes
    late = FeedbackItem.objects.get(external_id="late-1")
    assert now[late.pk] == homes[FeedbackItem.objects.get(external_id="sso-0").pk]
