"""The API called with whatever its description allows and does not allow: it answers as it says, and never breaks."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.config import SchemathesisConfig

from insights.models import ApiKey, Problem, Ranking, Scope

# Few and the same ones unless told otherwise: HEARD_TEST_SCHEMA_EXAMPLES=200 tries more, others each time.
WANTED = os.environ.get("HEARD_TEST_SCHEMA_EXAMPLES", "")
EXAMPLES = int(WANTED or 30)
# Stand for a problem and an account that there are; the others are made up.
REAL = {"key": "P-1", "reference": "A0", "id": 1}
OFTEN = 0.8
ACCEPTED = ["2xx", "404"]
# What only the service can know is not in the description: whether a cursor is its own, which themes and segments there
# are, what an item of feedback must say, which Jira sites there are and how they sign, which names scenarios have.
# There a request as described may be refused, and only there.
JUDGED_BY_THE_SERVICE = {
    "/api/v1/ranking/": "400",
    "/api/v1/ranking/export/": "400",
    "/api/v1/problems/{key}/evidence/": "400",
    "/api/v1/problems/{key}/jira/": "400",
    "/api/v1/scenarios/": "400",
    "/api/v1/scenarios/{id}/": "400",
    "/api/v1/scenarios/{id}/ranking/": "400",
    "/api/v1/feedback/": "400",
    "/api/v1/jira/{site}/webhook/": "401",
    "/api/v1/in/{connection}/": "401",
}
# An Idempotency-Key that came with another request.
REUSED = "422"

schema = schemathesis.openapi.from_wsgi(
    "/api/schema/",
    get_wsgi_application(),
    config=SchemathesisConfig.from_dict(
        {
            "dictionaries": {name: {"values": [value]} for name, value in REAL.items()},
            "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, REUSED]}},
            "operations": [
                {
                    "include-path": path,
                    "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, REUSED, refusal]}},
                }
                for path, refusal in JUDGED_BY_THE_SERVICE.items()
            ],
            "parameters": {f"path.{name}": {"dictionary": name, "probability": OFTEN} for name in REAL},
        }
    ),
    headers={"Accept": "application/vnd.oai.openapi+json"},
)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The connection of the test, and its transaction, outlive a request, as they do with Django's own test client."""
    signals = request_started, request_finished
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def write_key(one_connection: None, company: Ranking, settings: Any) -> str:
    """A key that may do everything, as often as it likes."""
    settings.HEARD_API_RATE = 10_000_000
    _, text = ApiKey.objects.create_key(name="tests", scope=Scope.WRITE)
    return str(text)


@schema.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not WANTED,
    # What one example leaves in the database, the next one finds, as in life.
    suppress_health_check=list(HealthCheck),
)
def test_every_call_answers_as_described(case: schemathesis.Case[Any], write_key: str) -> None:
    if case.path_parameters.get("key") == REAL["key"]:
        case.path_parameters["key"] = Problem.objects.get(memberships__item__external_id="sso-0").key
    case.call_and_validate(headers={"Authorization": f"Api-Key {write_key}"})
