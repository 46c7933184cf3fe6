"""An item that cannot be worked on is set aside; its neighbours finish. A stand-in model makes the poison."""

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback.models import FeedbackItem, Job
from feedback.services import jobs
from feedback.services.items import feedback_ingest
from feedback.services.jobs import job_replay
from insights.services import embedding, titling
from insights.services.triage import TriageSummary
from tests.factories import make_record


class StandInEncoder:
    """Random but repeatable vectors, and a word that it cannot bear."""

    version = "stand-in"
    dimension = 16

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text."""
        if any("poison" in text for text in texts):
            raise ValueError("this text cannot be read")
        rows = [np.random.default_rng(crc32(text.encode())).normal(size=self.dimension) for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = StandInEncoder()
    for module in (embedding, titling):
        monkeypatch.setattr(module, "encoder", lambda: stand_in)
    monkeypatch.setattr(jobs, "RETRY_AFTER", jobs.RETRY_AFTER * 0)


@pytest.mark.parametrize("poisoned", [{5}, {0, 7}, {0}])
def test_poison_is_quarantined_with_its_reason_and_its_neighbours_finish(
    db: None, drain: Callable[[], TriageSummary], poisoned: set[int]
) -> None:
    texts = [f"request number {n}" + (" poison" if n in poisoned else "") for n in range(8)]
    feedback_ingest(records=[make_record(f"F{n}", text) for n, text in enumerate(texts)])
    summary = drain()
    assert summary.quarantined == len(poisoned)
    assert summary.placed + summary.unplaced == 8 - len(poisoned)
    for item in FeedbackItem.objects.quarantined():
        assert int(item.external_id[1:]) in poisoned
        assert item.attempts <= 3
        assert "this text cannot be read" in item.state_reason
    assert not Job.objects.open().exists()


def test_a_lonely_poison_item_is_quarantined(db: None, drain: Callable[[], TriageSummary]) -> None:
    feedback_ingest(records=[make_record("F1", "nothing but poison")])
    assert drain().quarantined == 1
    assert "cannot be read" in FeedbackItem.objects.get().state_reason


def test_a_quarantined_job_run_again_takes_up_its_items(db: None, drain: Callable[[], TriageSummary]) -> None:
    feedback_ingest(records=[make_record("F1", "nothing but poison")])
    drain()
    job = Job.objects.get(kind="place")
    FeedbackItem.objects.update(text="cured")
    Job.objects.filter(pk=job.pk).update(state="quarantined")
    job_replay(job=job)
    assert drain().quarantined == 0
    assert FeedbackItem.objects.unplaced().count() == 1
