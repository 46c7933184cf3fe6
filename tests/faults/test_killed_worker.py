"""kill -9 of the worker: whatever it had in hand is done again, once."""

import csv
from itertools import islice
from pathlib import Path

import pytest

from feedback.services.sample import SAMPLE
from tests.faults.conftest import Installation

pytestmark = pytest.mark.broker
ITEMS = 300
UNSETTLED = "SELECT count(*) FROM feedback_feedbackitem WHERE state = 'waiting'"
OPEN = "SELECT count(*) FROM feedback_job WHERE state IN ('queued', 'running')"
RUNNING = "SELECT count(*) FROM feedback_job WHERE state = 'running' AND kind = '{}'"


def sample_import(installation: Installation, folder: Path) -> int:
    """Some of the sample through the import commands: two jobs' worth. Answers how many items came in."""
    with (SAMPLE / "feedback.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(islice(csv.reader(stream), ITEMS + 1))
    with (folder / "feedback.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    installation.manage("migrate", "--verbosity", "0")
    installation.manage("import_accounts", str(SAMPLE / "accounts.csv"))
    installation.manage("import_feedback", str(folder / "feedback.csv"))
    return ITEMS


def settle(installation: Installation) -> None:
    """Wait until no work is left."""
    installation.wait(lambda: installation.count(OPEN) == 0, 240, "the end of all work")


@pytest.mark.parametrize("kind", ["place", "regroup"])
def test_a_worker_killed_in_mid_triage_loses_and_doubles_nothing(
    installation: Installation, tmp_path: Path, kind: str
) -> None:
    items = sample_import(installation, tmp_path)
    worker = installation.start_worker()
    installation.wait(lambda: installation.count(RUNNING.format(kind)) > 0, 240, f"a running {kind} job")
    installation.kill(worker)
    # The fault did fire: the job is still marked as running, and nobody works on it.
    assert installation.count(RUNNING.format(kind)) == 1
    if kind == "place":
        assert installation.count(UNSETTLED) > 0
    installation.start_worker()
    settle(installation)
    installation.audit(items)


def test_a_lost_broker_message_is_rung_for_again(installation: Installation, tmp_path: Path) -> None:
    """Intake rings while no worker listens; then every message is thrown away."""
    items = sample_import(installation, tmp_path)
    installation.manage("shell", "--no-imports", "-c", "from config.celery import app; app.control.purge()")
    installation.start_worker()
    settle(installation)
    installation.audit(items)
