"""Answers of surveys: stored by the ids of their system, counted for the problem that theirs became."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower

from customers.models import Contact
from customers.services.accounts import Stored
from customers.services.references import accounts_find
from customers.sources.fields import Row
from feedback.services.import_kinds import ImportKind, Outcome, Placed, import_kind_register
from feedback.sources import surveys as survey_tables
from feedback.sources.surveys import SurveyRecord, parse_survey
from insights.models import Problem, SurveyAnswer
from insights.services.due import rank_queue
from insights.services.touching import problems_touch

BATCH = 500
KIND = "survey_answers"
FACTS = ("problem_id", "contact_id", "account_id", "importance", "satisfaction", "asked_on")
# A column, and what is wrong with it.
Refusal = tuple[str, str]


def survey_answers_touch(*, problem_ids: Iterable[int]) -> None:
    """Answers about these problems changed: what they became is ranked again."""
    became = problems_became()
    problems_touch(problem_ids=[became.get(pk, pk) for pk in problem_ids])
    rank_queue()


def problems_became() -> dict[int, int]:
    """Every problem that was merged, with the one that it is part of now."""
    into = dict(Problem.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    became = {}
    for pk, target in into.items():
        while target in into:
            target = into[target]  # noqa: PLW2901 (up to the one that stands)
        became[pk] = target
    return became


def problems_answered(*, account_ids: Collection[int]) -> set[int]:
    """Problems that answers of these accounts count for."""
    told = SurveyAnswer.objects.filter(account__in=account_ids).order_by().values_list("problem_id", flat=True)
    became = problems_became()
    return {became.get(pk, pk) for pk in told.distinct()}


@transaction.atomic
def survey_answers_store(*, records: Sequence[SurveyRecord], system: str) -> tuple[Stored, dict[int, Refusal]]:
    """Create or update answers; answers too, by place among the records, those that name what nobody knows."""
    known = _Known(records, system)
    refused: dict[int, Refusal] = {}
    rows: dict[str, SurveyAnswer] = {}
    for place, record in enumerate(records):
        refusal = known.refusal(record)
        if refusal is None:
            rows[record.external_id] = known.row(record, system)
        else:
            refused[place] = refusal
    before = {answer.external_id: answer for answer in SurveyAnswer.objects.filter(system=system, external_id__in=rows)}
    changed = {
        key: row
        for key, row in rows.items()
        if key not in before or any(getattr(row, fact) != getattr(before[key], fact) for fact in FACTS)
    }
    SurveyAnswer.objects.bulk_create(
        changed.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["system", "external_id"],
        update_fields=["problem", "contact", "account", "importance", "satisfaction", "asked_on"],
    )
    if changed:
        moved_from = {before[key].problem_id for key in changed if key in before}
        survey_answers_touch(problem_ids={row.problem_id for row in changed.values()} | moved_from)
    created = sum(key not in before for key in changed)
    unchanged = len(records) - len(refused) - len(changed)
    return Stored(created, len(changed) - created, unchanged), refused


class _Known:
    """The problems, people and accounts that some records name."""

    def __init__(self, records: Sequence[SurveyRecord], system: str) -> None:
        named = Problem.objects.with_keys({record.problem for record in records})
        self._problems: Mapping[str, int] = {f"P-{pk}": pk for pk in named.values_list("pk", flat=True)}
        # In the admin an address may be typed in any case.
        typed = Contact.objects.annotate(address=Lower("email")).order_by()
        addresses = {record.contact_email for record in records if record.contact_email}
        self._contacts = dict(typed.filter(address__in=addresses).values_list("address", "pk"))
        silent = {record.account_id for record in records if not record.contact_email}
        self._accounts = accounts_find(references=silent, system=system)

    def refusal(self, record: SurveyRecord) -> Refusal | None:
        """What a record names that nobody knows."""
        if record.problem not in self._problems:
            return "problem", f"no problem {record.problem!r}; write its key, such as P-12"
        if record.contact_email and record.contact_email not in self._contacts:
            return "contact_email", f"no contact {record.contact_email!r}; import the contacts first, then this again"
        if not record.contact_email and record.account_id not in self._accounts:
            return "account_id", f"no account {record.account_id!r}; import the accounts first, then this again"
        return None

    def row(self, record: SurveyRecord, system: str) -> SurveyAnswer:
        """A record of what is known, as a row. A person who is named stands for the account."""
        return SurveyAnswer(
            problem_id=self._problems[record.problem],
            contact_id=self._contacts[record.contact_email] if record.contact_email else None,
            account_id=None if record.contact_email else self._accounts[record.account_id],
            system=system,
            external_id=record.external_id,
            importance=record.importance,
            satisfaction=record.satisfaction,
            asked_on=record.asked_on,
        )


class SurveyImport(ImportKind[SurveyRecord]):
    """Answers of surveys."""

    columns = survey_tables.COLUMNS
    required = survey_tables.REQUIRED

    def parse(self, row: Row) -> SurveyRecord:
        return parse_survey(row, today=self.today)

    def store(self, batch: Sequence[Placed[SurveyRecord]]) -> Outcome:
        stored, refused = survey_answers_store(records=[placed.record for placed in batch], system=self.system)
        return stored, [batch[place].note(*refusal, kept=False) for place, refusal in refused.items()]


def survey_import_register() -> None:
    """Tell the intake app how answers are imported: what they are about it does not know."""
    kind: type[ImportKind[Any]] = SurveyImport
    import_kind_register(name=KIND, kind=kind)
