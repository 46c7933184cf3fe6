"""The trained model as JSON: back to the last bit, or refused with what is wrong."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from customers.engine.churn.artefact import ArtefactError, dumps, loads
from customers.engine.churn.model import ChurnModel
from customers.engine.churn.training import fit
from tests.customers.engine.churn_worlds import subscribers

COLUMNS, CHURNED = subscribers(800)
Damage = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def model() -> ChurnModel:
    return fit({**COLUMNS, "since": ["2024-01-05", "2024-03-01"] * 400, "id": [f"C{n}" for n in range(800)]}, CHURNED)


def test_a_model_read_back_predicts_the_same_to_the_last_bit(model: ChurnModel) -> None:
    again = loads(dumps(model))
    asked: dict[str, list[Any]] = {
        **COLUMNS,
        "plan": ["new", None, "Pro", "Team"] * 200,
        "since": ["2024-02-01", "soon"] * 400,
    }
    before, after = model.predict(asked), again.predict(asked)
    assert model.terms.pairs
    assert before.base == after.base
    assert np.array_equal(before.contributions, after.contributions)
    assert np.array_equal(before.probability, after.probability)
    assert again.ignored == model.ignored == {"id": "no value is shared by 5 accounts, as in an id"}
    assert dumps(again) == dumps(model)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "not a churn model"),
        ("{}", "not a churn model"),
        ('{"format": "heard churn model", "version": 2}', "version 2; this program reads 1"),
        ('{"format": "heard churn model", "version": 1}', "damaged"),
    ],
)
def test_another_document_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ArtefactError, match=complaint):
        loads(text)


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.pop("base"),
        lambda document: document.update(base="high"),
        lambda document: document.update(base=10**400),
        lambda document: document.update(columns=5),
        lambda document: document.update(ignored=[]),
        lambda document: document["columns"].append(document["columns"][0]),
        lambda document: document["columns"][0].pop("kind"),
        lambda document: document["columns"][0].update(kind="oracle"),
        lambda document: document["columns"][0].update(form="%Y"),
        lambda document: document["columns"][0].update(knots=[1.0]),
        lambda document: document["columns"][0]["knots"].reverse(),
        lambda document: document["columns"][0]["curve"].pop(),
        lambda document: document["columns"][0]["steps"].append(True),
        lambda document: document["columns"][1]["points"].pop(),
        lambda document: document["columns"][1]["levels"].append(7),
        lambda document: document["pairs"][0].update(columns=[0, 99]),
        lambda document: document["pairs"][0]["points"].pop(),
        lambda document: document["pairs"][0]["points"][0].pop(),
    ],
)
def test_a_damaged_document_is_refused_with_what_to_do(model: ChurnModel, damage: Damage) -> None:
    document = json.loads(dumps(model))
    damage(document)
    with pytest.raises(ArtefactError, match=r"damaged .*train it again"):
        loads(json.dumps(document))


def test_not_a_number_is_refused(model: ChurnModel) -> None:
    document = json.loads(dumps(model))
    document["columns"][0]["blank"] = float("nan")
    with pytest.raises(ArtefactError, match="not finite"):
        loads(json.dumps(document))
