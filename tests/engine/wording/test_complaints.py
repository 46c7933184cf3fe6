"""A complaint says what is wrong; the phrase says what would put it right."""

import pytest

from insights.engine.wording.kinds import Kind
from insights.engine.wording.phrases import phrases
from insights.engine.wording.sentences import sentences
from insights.engine.wording.verbs import base_form, gerund
from insights.engine.wording.vocabulary import Vocabulary

_WISHES = (Kind.WISH, Kind.COMMAND, Kind.FIX, Kind.ABILITY, Kind.THING, Kind.LOOKUP)


def wishes(text: str) -> set[str]:
    """The wishes found in a text in which no capital makes a name."""
    vocabulary = Vocabulary([text.lower()], ())
    return {
        phrase.text
        for sentence in sentences(text)
        for phrase in phrases(sentence, vocabulary.speller(sentence.text))
        if phrase.kind in _WISHES
    }


@pytest.mark.parametrize(
    ("complaint", "wish"),
    [
        ("The map crashes when I open a form", "Fix the map crashing when opening a form"),
        ("Since Monday the export fails", "Fix the export failing"),
        ("Every time I upload a photo the page freezes", "Fix the page freezing when uploading a photo"),
        ("It hangs whenever I try to print labels", "Fix hanging when printing labels"),
        ("Uploading large photos crashes the browser", "Fix crashing when uploading large photos"),
        ("The video call cuts out after ten minutes", "Fix the video call cutting out"),
        ("The report export keeps failing for long tables", "Fix the report export failing for long tables"),
        ("The calendar sync is broken", "Fix the calendar sync"),
        ("Importing old contacts does not work", "Import old contacts"),
        ("The search doesn't find accents", "Make the search find accents"),
        ("The app doesn't support split payments", "Support split payments"),
        ("The robot keeps sending duplicate mails", "Stop the robot from sending duplicate mails"),
        ("We keep losing finished drafts", "Stop losing finished drafts"),
        ("The ticket list is painfully slow", "Speed up the ticket list"),
        ("Opening the ticket list takes forever", "Open the ticket list faster"),
        ("It takes ages to find a contact in the list", "Find a contact faster"),
        ("The dashboard takes 30 seconds to load", "Speed up the dashboard"),
    ],
)
def test_what_fails_or_drags_is_to_be_repaired(complaint: str, wish: str) -> None:
    assert wish in wishes(complaint)


@pytest.mark.parametrize(
    ("complaint", "wish"),
    [
        ("Guests can't pay the deposit online", "Let guests pay the deposit online"),
        ("The app can't open large files", "Open large files"),
        ("Tenants want to pay rent by card", "Let tenants pay rent by card"),
        ("Drivers should be able to swap tours", "Let drivers swap tours"),
        ("Can timers work without a connection?", "Let timers work without a connection"),
        ("A page where clients can see their invoices", "Let clients see their invoices"),
        ("Interns should not be able to delete old projects", "Stop interns from deleting old projects"),
        ("Old invoices should be archived after a year", "Archive old invoices after a year"),
        ("Search results should be sortable by date", "Make search results sortable by date"),
        ("It should warn before two tours overlap", "Warn before two tours overlap"),
        ("Overdue bills are not followed up", "Follow up overdue bills"),
        ("I want the report split by region", "Split the report by region"),
        ("Would be great if the free slot was offered to others", "Offer the free slot to others"),
        ("Partial payments are not possible", "Add partial payments"),
        ("We have to copy the hours by hand", "Copy the hours automatically"),
        ("I must approve timesheets one by one", "Approve timesheets in one go"),
        ("I spend whole Fridays chasing late payers", "Chase late payers"),
        ("Nobody gets told when a ticket is closed", "Get notified when a ticket is closed"),
        ("We no longer receive the weekly digest", "Receive the weekly digest"),
        ("I don't see who changed the price", "See who changed the price"),
        ("A question about staff swapping shifts", "Let staff swap shifts"),
        ("Cant print the shelf labels", "Print the shelf labels"),
    ],
)
def test_what_is_barred_or_left_undone_is_to_be_made_possible(complaint: str, wish: str) -> None:
    assert wish in wishes(complaint)


@pytest.mark.parametrize(
    ("request_", "wish"),
    [
        ("Bulk edit for tags", "Bulk edit tags"),
        ("Import of old contacts", "Import old contacts"),
        ("Support for several currencies", "Support several currencies"),
        ("How long can I keep a draft", "Find out how long to keep a draft"),
        ("How long will the trial run", "Find out how long the trial will run"),
        ("I need to get my front tires changed", "Change front tires"),
    ],
)
def test_nouns_and_questions_that_ask_for_something_are_wishes(request_: str, wish: str) -> None:
    assert wish in wishes(request_)


@pytest.mark.parametrize(
    ("text", "not_wished"),
    [
        ("Loading the list of bills is slow", "Load the list of bills is slow"),
        ("Reverse charge isn't supported", "Reverse charge isn't supported"),
        ("My boss doesn't read mail at night", "Make the boss read mail at night"),
        ("We need to know if a letter was opened", "Open a letter"),
        ("A duty that passes midnight isn't possible", "Add passes midnight"),
        ("I can't upload photos larger than 5 MB", "Upload photos larger"),
        ("The video keeps cutting out", "Fix the video cutting"),
        ("I need to find out what parts", "Find out what parts"),
    ],
)
def test_what_is_no_wish_or_only_half_of_one_is_left(text: str, not_wished: str) -> None:
    assert not_wished not in wishes(text)


def test_a_short_message_without_a_verb_names_its_thing() -> None:
    vocabulary = Vocabulary(["approval workflow for bills"], ())
    (sentence,) = sentences("approval workflow for bills")
    found = phrases(sentence, vocabulary.speller(sentence.text))
    assert {(phrase.text, phrase.kind) for phrase in found} == {("Approval workflow for bills", Kind.FRAGMENT)}


@pytest.mark.parametrize(
    ("base", "form"),
    [
        ("swap", "swapping"), ("merge", "merging"), ("tie", "tying"), ("be", "being"), ("see", "seeing"),
        ("open", "opening"), ("submit", "submitting"), ("offer", "offering"), ("show", "showing"), ("copy", "copying"),
    ],
)  # fmt: skip
def test_the_gerund_is_spelled_right(base: str, form: str) -> None:
    assert gerund(base) == form


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("crashes", "crash"), ("freezes", "freeze"), ("froze", "freeze"), ("copies", "copy"), ("copied", "copy"),
        ("opens", "open"), ("table", ""), ("bus", ""), ("", ""),
    ],
)  # fmt: skip
def test_verbs_go_back_to_their_base_form(form: str, base: str) -> None:
    assert base_form(form) == base
