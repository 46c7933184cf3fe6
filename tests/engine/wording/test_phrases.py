"""The cue rules find the verb phrase of a wish, whichever way it is put."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.engine.wording.kinds import Kind
from insights.engine.wording.lexicon import word_set
from insights.engine.wording.phrases import LONGEST, LONGEST_LINE, SHORTEST, Phrase, phrases
from insights.engine.wording.sentences import sentences
from insights.engine.wording.verbs import infinitive
from insights.engine.wording.vocabulary import Vocabulary


def found(text: str) -> list[Phrase]:
    """The phrases of a text in which no capital makes a name."""
    vocabulary = Vocabulary([text.lower()], ())
    return [phrase for sentence in sentences(text) for phrase in phrases(sentence, vocabulary.speller(sentence.text))]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("I want to export reports to a spreadsheet", "Export reports to a spreadsheet"),
        ("please add dark mode", "Add dark mode"),
        ("can't swap shifts on my phone", "Swap shifts on the phone"),
        ("Is there a way to undo a bulk delete?", "Undo a bulk delete"),
        ("It would be great if we could pin the weekly summary", "Pin the weekly summary"),
        ("Would be great to schedule monthly exports", "Schedule monthly exports"),
        ("How do I invite a guest without a seat?", "Invite a guest without a seat"),
        ("Need to be able to merge duplicate invoices", "Merge duplicate invoices"),
        ("Allow us to rename archived boards", "Rename archived boards"),
        ("There is no way to print labels in batches", "Print labels in batches"),
        ("I wish I could reorder columns on the dashboard", "Reorder columns on the dashboard"),
        ("Looking for a way to mute noisy channels", "Mute noisy channels"),
        ("I need a button to hide completed tasks", "Hide completed tasks"),
        ("It should be possible to lock a closed period", "Lock a closed period"),
        ("We'd love an option to duplicate a campaign", "Duplicate a campaign"),
        ("We have trouble importing large spreadsheets", "Import large spreadsheets"),
        ("Holidays should be counted as paid days", "Count holidays"),
        ("Paid holidays should be counted in hours", "Count paid holidays in hours"),
        ("The system must keep a history of price changes", "Keep a history of price changes"),
        ("Tell me how to reset the meeting room display", "Reset the meeting room display"),
        ("I would like an audit log for permissions", "Get an audit log for permissions"),
        ("No calendar view for contractors", "Add calendar view for contractors"),
        ("Offline mode is missing", "Add offline mode"),
        ("A weekly digest would be nice", "Add a weekly digest"),
        ("Dark mode?", "Add dark mode"),
        ("Where is the refund button?", "Find the refund button"),
        ("Show me the balance of my travel budget", "Look up the balance of the travel budget"),
        ("Please consider adding keyboard shortcuts for triage", "Add keyboard shortcuts for triage"),
        ("Exporting our reports by hand", "Export reports by hand"),
        ("Please give me a monthly summary of spend", "Get a monthly summary of spend"),
        ("We want to be notified when a build fails", "Get notified when a build fails"),
        ("I need managers to sign timesheets on a tablet", "Let managers sign timesheets on a tablet"),
        ("Can our managers approve overtime from the app?", "Let the managers approve overtime from the app"),
        ("They can edit locked timesheets", "Edit locked timesheets"),
        ("Figure out why is the account frozen", "Find out why the account is frozen"),
        ("Please tell us what is the late fee", "Look up the late fee"),
        ("Could you tell me about the parental leave policy", "Find out about the parental leave policy"),
        ("I want to know when is the next payday", "Look up the next payday"),
        ("I have a question about the overtime policy", "Question about the overtime policy"),
        ("Please let staff swap their shifts", "Let staff swap their shifts"),
        ("Mark all messages as read", "Mark all messages as read"),
        ('Please add "quick filters" & saved views', "Add quick filters and saved views"),
        ("I'd like to log in", "Log in"),
    ],
)
def test_a_cue_gives_the_phrase_that_follows(text: str, title: str) -> None:
    texts = {phrase.text for phrase in found(text)}
    if len(title.split()) < SHORTEST:
        assert texts == set()
    else:
        assert title in texts


@pytest.mark.parametrize(
    "text",
    [
        "We can only see this",
        "I want to",
        "What can I cook tonight?",
        "Want managers to see it",
        "Which plan can I buy",
        "please give it to me",
        "There is no way to do something about that",
        "Thank you so much for everything",
        "how to how to how to",
        "No",
        "It is missing",
        "We choose between plans",
        "I want to know how many days",
        "Open calls go to the queue",
        "İstanbul wants to export reports",
        "They must not do that",
    ],
)
def test_what_cannot_be_read_alone_is_no_phrase(text: str) -> None:
    assert not [phrase.text for phrase in found(text) if phrase.kind.value >= Kind.ABILITY.value]


def test_a_subject_line_is_a_heading_or_a_question() -> None:
    kinds = {phrase.text: phrase.kind for phrase in found("Weekly report for branches\n\nSomething is off.")}
    assert kinds["Weekly report for branches"] is Kind.HEADING
    assert found("Leave policy\n\nHello.")[0] == Phrase(("question", "about", "leave", "policy"), Kind.QUESTION)
    assert not [phrase for phrase in found("Change record wanted\n\nHello.") if phrase.kind is Kind.COMMAND]


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("swapping", "swap"),
        ("swapped", "swap"),
        ("merging", "merge"),
        ("exported", "export"),
        ("adding", "add"),
        ("telling", "tell"),
        ("undone", "undo"),
        ("ring", ""),
        ("building", "build"),
        ("evening", ""),
        ("red", ""),
        ("ing", ""),
        ("report", ""),
    ],
)
def test_gerunds_and_participles_go_back_to_a_known_verb(word: str, base: str) -> None:
    assert infinitive(word) == base


def test_a_name_ends_a_phrase_before_what_led_to_it() -> None:
    texts = [
        phrase.text
        for phrase in phrases(
            sentences("export all reports to Zedcorp")[0], lambda word: None if word == "Zedcorp" else word
        )
    ]
    assert texts == ["Export all reports"]


@pytest.mark.parametrize(
    ("text", "torn"),
    [
        ("I want to choose between plans and price tiers", "Choose between plans"),
        ("I want to put a tablet on every wall", "Put a tablet"),
        ("I want to see all hours worked by staff", "See all hours worked"),
        ("I want to know how to roll over days", "Know how to roll"),
    ],
)
def test_a_phrase_is_not_cut_where_it_needs_what_follows(text: str, torn: str) -> None:
    texts = {phrase.text for phrase in found(text)}
    assert texts
    assert torn not in texts


WORDS = st.sampled_from(
    sorted(
        word_set(
            """
            want to please add export the my reports can i we how do when and as of put place between for it is no with
            let staff their own me log in out due report what why be able told should not missing only
            """
        )
    )
)


@given(st.lists(WORDS, max_size=20).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_a_phrase_is_of_three_to_eight_words_and_never_ends_in_the_air(text: str) -> None:
    for phrase in found(text):
        assert SHORTEST <= len(phrase.words) <= LONGEST
        assert len(phrase.text) <= LONGEST_LINE
        assert phrase.words[-1] not in {"the", "my", "of", "and", "to", "with", "for", "is", "be", "as", "why"}
        assert not {"i", "we", "my", "it", "me"} & set(phrase.words)


def test_a_phrase_of_very_long_words_is_none() -> None:
    assert not found(f"I want to export {'a' * 60} {'b' * 60}")
