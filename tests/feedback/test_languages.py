"""Which language a text is in, and what the model cannot read is said."""

from io import StringIO

import pytest
from django.core.management import call_command

from feedback.services.languages import language_of
from tests.factories import make_item, make_record

GERMAN = "Bitte fügen Sie einen Dunkelmodus hinzu, nachts blendet der Bildschirm uns alle."
FRENCH = "Nous aimerions exporter les rapports chaque mois sans devoir tout recopier."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please let us export the monthly report to a spreadsheet.", "en"),
        (GERMAN, "de"),
        (FRENCH, "fr"),
        ("slow app pls", ""),
        ("", ""),
        ("12345 67890 !!! ???", ""),
        ("👍" * 40, ""),
    ],
)
def test_a_language_is_told_only_where_it_can_be(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_changed_text_changes_its_language(db: None) -> None:
    assert make_item("F1", GERMAN).language == "de"
    assert make_item("F1", FRENCH).language == "fr"


def test_triage_says_what_the_model_cannot_read(db: None) -> None:
    for number, text in enumerate((GERMAN, FRENCH, FRENCH + " Merci.", make_record().body)):
        make_item(f"F{number}", text)
    out = StringIO()
    call_command("triage", stdout=out)
    assert "3 items are in languages that the active model does not read (fr 2, de 1)" in out.getvalue()


def test_a_multilingual_model_reads_everything(db: None, settings: pytest.FixtureRequest) -> None:
    settings.HEARD_MODEL_LANGUAGES = ["*"]  # type: ignore[attr-defined]
    make_item("F1", GERMAN)
    out = StringIO()
    call_command("triage", stdout=out)
    assert "does not read" not in out.getvalue()
