"""The brief: what a renewal call, a sales call or a dunning letter must know, in a few lines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from customers.models import JourneyStage
from insights.services.accounts import Asked, Dossier

SOON_DAYS, OVERDUE_DAYS = 90, 30
HIGH_RISK, LOW_HEALTH, QUIET_SHARE = 0.4, 50, 0.4
LISTED = 5


@dataclass(frozen=True)
class Brief:
    """Lines for a person in a hurry."""

    health: str
    blocking: tuple[Asked, ...]
    promises: tuple[Asked, ...]
    shipped: tuple[Asked, ...]
    last_nps: str
    warnings: tuple[str, ...]
    text: str


def account_brief(*, dossier: Dossier) -> Brief:
    """The brief of an account. The text reads as it stands; the other fields say the same, part by part."""
    warnings = tuple(warning for warn in WARNINGS for warning in warn(dossier))
    blocking, promises = tuple(dossier.open_blocking[:LISTED]), tuple(dossier.promises[:LISTED])
    shipped = tuple(dossier.shipped[:LISTED])
    health, nps = _health(dossier), _nps(dossier)
    sections: tuple[list[str], ...] = (
        [dossier.account.name, health, nps],
        ["Before you act:", *(f"- {warning}" for warning in warnings)] if warnings else ["Nothing to warn of."],
        _listed("Promised (planned or in progress):", promises),
        _listed("Shipped, so good news to bring:", shipped),
    )
    text = "\n\n".join("\n".join(lines) for lines in sections if lines)
    return Brief(health, blocking, promises, shipped, nps, warnings, text)


def _listed(head: str, problems: tuple[Asked, ...]) -> list[str]:
    return (
        [head, *(f"- {asked.key} {asked.title} ({asked.status_label.lower()})" for asked in problems)]
        if problems
        else []
    )


def _health(dossier: Dossier) -> str:
    account = dossier.account
    score = f"Health {account.health_score} of 100" if account.health_score is not None else "Health unknown"
    risk = f"churn risk {account.churn_risk:.0%}" if account.churn_risk is not None else "churn risk unknown"
    renewal = f"renews on {account.renewal_date:%-d %B %Y}" if account.renewal_date else "renewal date unknown"
    return f"{score}, {risk}, {renewal}."


def _nps(dossier: Dossier) -> str:
    if dossier.last_nps is not None:
        return f"Last NPS answer: {dossier.last_nps.score} of 10 on {dossier.last_nps.answered_on:%-d %B %Y}."
    return f"NPS {dossier.account.nps}." if dossier.account.nps is not None else "No NPS answer."


def _left(dossier: Dossier) -> Iterator[str]:
    if dossier.account.churned_on:
        yield f"They left on {dossier.account.churned_on:%-d %B %Y}: neither renew nor remind; ask why, if at all."


def _blocking(dossier: Dossier) -> Iterator[str]:
    blocking = dossier.open_blocking
    if blocking:
        named = ", ".join(f"{asked.title} ({asked.key})" for asked in blocking[:LISTED])
        many = (
            "1 problem that they call blocking is" if len(blocking) == 1 else f"{len(blocking)} blocking problems are"
        )
        yield f"{many} open: {named}."


def _renewal(dossier: Dossier) -> Iterator[str]:
    days = dossier.renewal_in_days
    if dossier.account.churned_on or days is None:
        return
    if days < 0:
        yield f"The renewal date passed {-days} days ago: check whether they renewed."
    elif days <= SOON_DAYS:
        yield f"They renew in {days} day{'s' * (days != 1)}."


def _invoices(dossier: Dossier) -> Iterator[str]:
    overdue = dossier.account.overdue_days or 0
    if not overdue:
        return
    if dossier.open_blocking or dossier.ticket_count:
        yield (
            f"Invoices are {overdue} days overdue while {dossier.ticket_count} of their tickets are open: "
            "call before you send a reminder."
        )
    elif overdue > OVERDUE_DAYS:
        yield f"Invoices are {overdue} days overdue."


def _risk(dossier: Dossier) -> Iterator[str]:
    account = dossier.account
    if account.churn_risk is not None and account.churn_risk >= HIGH_RISK:
        raising = [
            reason["text"] for reason in account.churn_reasons if reason["points"] > 0 and not reason.get("base")
        ][:3]
        yield f"They may leave ({account.churn_risk:.0%} within a year)" + (
            f": {', '.join(raising)}." if raising else "."
        )
    elif account.health_score is not None and account.health_score < LOW_HEALTH and not account.churned_on:
        yield f"Health is low: {account.health_score} of 100."


def _usage(dossier: Dossier) -> Iterator[str]:
    account = dossier.account
    if account.seats and account.active_seats is not None and account.active_seats / account.seats < QUIET_SHARE:
        yield f"Only {account.active_seats} of {account.seats} seats are in use: do not sell more before you know why."


def _mood(dossier: Dossier) -> Iterator[str]:
    if dossier.last_nps is not None and dossier.last_nps.score <= 6:
        comment = f': "{dossier.last_nps.comment[:140]}"' if dossier.last_nps.comment else ""
        yield f"Their last NPS answer was {dossier.last_nps.score}{comment}."


def _people(dossier: Dossier) -> Iterator[str]:
    roles = {contact.role for contact in dossier.contacts}
    if dossier.account.stage != JourneyStage.CHURNED and dossier.contact_count and not roles & {"buyer", "champion"}:
        yield "No buyer or champion is known there."


def _reseller(dossier: Dossier) -> Iterator[str]:
    if dossier.account.reseller is not None:
        yield f"They bought through {dossier.account.reseller.name}: speak to that partner first."


WARNINGS: tuple[Callable[[Dossier], Iterator[str]], ...] = (
    _left,
    _renewal,
    _blocking,
    _invoices,
    _risk,
    _usage,
    _mood,
    _people,
    _reseller,
)
