"""What every test shares."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import caches

from insights.services.embedding import encoder

# The same examples on every machine, so that a red run can be seen again by anyone; for new ones:
# pytest --hypothesis-profile=exploring
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("exploring", deadline=None)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _nothing_kept_ready() -> None:
    """Rows of one test have the numbers of rows of another."""
    caches["answers"].clear()


@pytest.fixture(scope="session", autouse=True)
def _one_model() -> Iterator[None]:
    """The real model is loaded at most once a session."""
    yield
    encoder.cache_clear()
