"""Jira: the sites that Heard works with, the issues that problems are linked to, and what their statuses mean here."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from feedback.outbound.addresses import AddressRefusedError, target_of
from insights.models.problems import Problem, Status
from insights.outbound.jira_text import PLACEHOLDERS, listed, unknown_placeholders
from insights.querysets import JiraLinkQuerySet, JiraSiteQuerySet

ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,99}-[1-9][0-9]{0,17}")
SUMMARY = "{title} ({key})"
DESCRIPTION = """{job_statement}

Customers who ask for this: {customers}. Score {score} {currency}, revenue at risk {revenue_at_risk} {currency}.

{url}"""


class JiraKind(models.TextChoices):
    """Which Jira it is: they differ in addresses, in tokens and in how a description is written."""

    CLOUD = "cloud", "Cloud"
    DATA_CENTER = "data_center", "Data Center"


class JiraLinkState(models.TextChoices):
    """How a link stands."""

    LINKING = "linking", "Being looked up"
    CREATING = "creating", "Being created"
    LIVE = "live", "Live"
    REFUSED = "refused", "Refused by Jira"
    GONE = "gone", "Issue is gone"
    LEAVING = "leaving", "Being unlinked"


def public_url_refusal() -> str:
    """Why issues could not be told where their problem is read; blank when they can."""
    if settings.HEARD_PUBLIC_URL.startswith(("https://", "http://")):
        return ""
    return (
        "Links lead back to Heard: set HEARD_PUBLIC_URL to the address it is read under, such as "
        "https://heard.example.com."
    )


class JiraSite(models.Model):
    """One Jira: where it is, as whom it is called, what is created there, and how it has been doing."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=JiraKind, default=JiraKind.CLOUD)
    url = models.CharField(
        "address", max_length=300, help_text="Such as https://example.atlassian.net, without /browse or /rest."
    )
    email = models.EmailField(blank=True, help_text="Cloud: whose token it is. Data Center: leave blank.")
    token = models.TextField(blank=True, editable=False, help_text="Encrypted.")
    secret = models.TextField(blank=True, editable=False, help_text="Of the webhook; encrypted.")
    project = models.CharField(
        max_length=100,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*$", "Write the project's key, such as ABC.")],
        help_text="Key of the project in which issues are created.",
    )
    issue_type = models.CharField(max_length=100, default="Story", help_text="Name of the type of new issues.")
    summary_template = models.CharField(max_length=300, default=SUMMARY)
    description_template = models.TextField(blank=True, default=DESCRIPTION)
    enabled = models.BooleanField(default=True)
    notice = models.CharField(
        max_length=500, blank=True, editable=False, help_text="Why it is not called until its token is replaced."
    )
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="In a row.")
    rest_until = models.DateTimeField(null=True, editable=False, help_text="It is not called before.")
    read_wanted = models.BooleanField(
        default=False, editable=False, help_text="The statuses of all linked issues are to be read."
    )
    read_at = models.DateTimeField("statuses read at", null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JiraSiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "Jira site"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="jira_site_has_name"),
            models.CheckConstraint(condition=~Q(url=""), name="jira_site_has_url"),
            models.CheckConstraint(condition=~Q(project=""), name="jira_site_has_project"),
            models.CheckConstraint(condition=~Q(issue_type=""), name="jira_site_has_issue_type"),
            models.CheckConstraint(condition=~Q(summary_template=""), name="jira_site_has_summary"),
            models.CheckConstraint(condition=Q(kind__in=JiraKind.values), name="jira_site_kind_known"),
            models.CheckConstraint(condition=~Q(kind="cloud") | ~Q(email=""), name="jira_site_of_cloud_has_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse what could never work; the address is checked again before every call.

        Raises:
            ValidationError: with the reason, at the field.
        """
        errors: dict[str, str] = {}
        if self.kind == JiraKind.CLOUD and not self.email:
            errors["email"] = "A token of Jira Cloud works together with the e-mail address of its owner only."
        if self.enabled and public_url_refusal():
            errors["enabled"] = public_url_refusal()
        for field in ("summary_template", "description_template"):
            unknown = unknown_placeholders(getattr(self, field))
            if unknown:
                errors[field] = f"{listed(unknown[:1])} stands for nothing. Known: {listed(PLACEHOLDERS)}."
        refusal = self._address_refusal()
        if refusal:
            errors["url"] = refusal
        if errors:
            raise ValidationError(errors)

    def _address_refusal(self) -> str:
        try:
            target_of(self.url, allow=settings.HEARD_WEBHOOK_ALLOW)
        except AddressRefusedError as refused:
            return str(refused)
        parts = urlsplit(self.url)
        return "Leave out what follows a ? or a #." if parts.query or parts.fragment else ""


class JiraStatusMapping(models.Model):
    """What a status of a site means for a problem."""

    site = models.ForeignKey(JiraSite, on_delete=models.CASCADE, related_name="mappings")
    jira_status = models.CharField("status in Jira", max_length=120, help_text="Its name; upper and lower case alike.")
    status = models.CharField("status of the problem", max_length=12, choices=Status)

    class Meta:
        ordering = ["site", "jira_status"]
        verbose_name = "Jira status"
        verbose_name_plural = "Jira statuses"
        constraints = [
            models.UniqueConstraint(
                "site",
                Lower("jira_status"),
                name="jira_status_once_per_site",
                violation_error_message="This status has a meaning already.",
            ),
            models.CheckConstraint(condition=~Q(jira_status=""), name="jira_status_has_name"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="jira_status_meaning_known"),
        ]

    def __str__(self) -> str:
        return f"{self.jira_status}: {self.get_status_display()}"


class JiraLink(models.Model):
    """A problem and an issue. The links of a merged problem stay with it and speak for what it became."""

    site = models.ForeignKey(JiraSite, on_delete=models.CASCADE, related_name="links")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="jira_links")
    issue_key = models.CharField("issue", max_length=120, blank=True, help_text="Such as ABC-12; blank until created.")
    issue_id = models.CharField(max_length=40, blank=True, editable=False, help_text="Stays when the issue moves.")
    created_here = models.BooleanField(default=False, editable=False, help_text="Heard created the issue.")
    state = models.CharField(max_length=10, choices=JiraLinkState, default=JiraLinkState.LINKING, editable=False)
    jira_status = models.CharField("status in Jira", max_length=120, blank=True, editable=False)
    jira_status_at = models.DateTimeField(null=True, editable=False, help_text="As of when, by Jira's clock.")
    pushed = models.CharField(max_length=64, blank=True, editable=False, help_text="Hash of what the issue was told.")
    pushed_at = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(
        null=True, db_default=Now(), editable=False, help_text="When there is something to do; none when there is not."
    )
    attempts = models.PositiveIntegerField(default=0, editable=False, help_text="Failures since the last success.")
    sent = models.BooleanField(
        default=False, editable=False, help_text="Jira was asked to create the issue and may have done so."
    )
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JiraLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "Jira link"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "issue_key"],
                condition=~Q(issue_key=""),
                name="jira_link_once_per_key",
                violation_error_message="This issue is linked to a problem already.",
            ),
            models.UniqueConstraint(
                fields=["site", "issue_id"], condition=~Q(issue_id=""), name="jira_link_once_per_issue"
            ),
            models.UniqueConstraint(
                fields=["site", "problem"],
                condition=Q(created_here=True) & ~Q(state__in=["gone", "leaving"]),
                name="jira_link_created_once",
            ),
            models.CheckConstraint(condition=Q(state__in=JiraLinkState.values), name="jira_link_state_known"),
            models.CheckConstraint(condition=~Q(issue_key="") | Q(created_here=True), name="jira_link_has_issue"),
            models.CheckConstraint(condition=~Q(state="live") | ~Q(issue_id=""), name="jira_link_live_has_issue_id"),
        ]
        indexes = [models.Index(fields=["site", "due_at"], name="jira_link_due")]

    def __str__(self) -> str:
        return f"P-{self.problem_id}: {self.issue_key or 'an issue to be created'}"

    @property
    def issue_url(self) -> str:
        """Where the issue is read; blank until it is known."""
        return f"{self.site.url.rstrip('/')}/browse/{self.issue_key}" if self.issue_key else ""
