"""Jira sites: their tokens and secrets, whether they answer, and putting them to work again."""

import secrets

from django.conf import settings
from django.db import transaction

from feedback.services.sealing import UnreadableSecretError, seal, unseal
from insights.models import JiraSite
from insights.models.jira import public_url_refusal
from insights.outbound.jira import Account, JiraError, account_name
from insights.services.due import jira_queue

PURPOSE = "jira"
SECRET_BYTES = 32
NOTICE_CHARACTERS = 500


class JiraRefusedError(ValueError):
    """Something that cannot be done with Jira. The text says why and what to do."""


@transaction.atomic
def jira_token_set(*, site: JiraSite, token: str) -> None:
    """Keep a new token, and put the site to work again."""
    JiraSite.objects.filter(pk=site.pk).update(token=seal(token, purpose=PURPOSE))
    jira_site_revive(site=site)


@transaction.atomic
def jira_site_revive(*, site: JiraSite) -> None:
    """Forget past failures: what waits is done at once."""
    JiraSite.objects.filter(pk=site.pk).update(notice="", last_error="", failures=0, rest_until=None)
    jira_queue(site_id=site.pk)


def jira_secret_rotate(*, site: JiraSite) -> str:
    """Give the webhook of a site a new secret, and answer it: it can be read this once. The old one ends."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    JiraSite.objects.filter(pk=site.pk).update(secret=seal(secret, purpose=PURPOSE))
    return secret


def jira_secret_of(site: JiraSite) -> str:
    """The secret that the site's webhook signs with.

    Raises:
        UnreadableSecretError: there is none, or the server's secret key changed since it was made.
    """
    return unseal(site.secret, purpose=PURPOSE)


def jira_account(site: JiraSite) -> Account:
    """How to call a site.

    Raises:
        JiraRefusedError: it has no token that can be read, or Heard does not know its own address.
    """
    if public_url_refusal():
        raise JiraRefusedError(public_url_refusal())
    if not site.token:
        raise JiraRefusedError(f"{site} has no token yet: give it one in the admin.")
    try:
        token = unseal(site.token, purpose=PURPOSE)
    except UnreadableSecretError:
        raise JiraRefusedError(
            f"The token of {site} cannot be read because HEARD_SECRET_KEY changed since: give it again in the admin."
        ) from None
    return Account(site.kind, site.url, site.email, token, settings.HEARD_WEBHOOK_ALLOW)


def jira_site_check(*, site: JiraSite) -> str:
    """Ask Jira whose token it is; answers the name. A site that answers is put to work again.

    Raises:
        JiraRefusedError: it does not answer, or not to this token.
    """
    try:
        name = account_name(jira_account(site))
    except JiraError as error:
        raise JiraRefusedError(f"{site}: {error}") from None
    jira_site_revive(site=site)
    return name
