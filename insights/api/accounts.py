"""`GET /api/v1/accounts/{id}/` and its brief."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from customers.models import Account, AccountState, Contact
from customers.services.provenance import Said
from insights.services.accounts import Asked, Dossier, account_dossier, account_find
from insights.services.briefs import Brief, account_brief

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "allow_null": True}


class AskedSerializer(serializers.Serializer[Asked]):
    """A problem that the account asked about."""

    key = serializers.CharField()
    title = serializers.CharField()
    status = serializers.CharField()
    items = serializers.IntegerField()
    blocking = serializers.BooleanField()
    last_said_at = serializers.DateTimeField()
    rank = serializers.IntegerField(allow_null=True)
    amount = serializers.DecimalField(**MONEY, help_text="What the account's family adds to the score.")


class AccountNameSerializer(serializers.ModelSerializer[Account]):
    """An account by id and name."""

    id = serializers.CharField(source="external_id")

    class Meta:
        model = Account
        fields = ("id", "name")


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person at the account."""

    class Meta:
        model = Contact
        fields = ("name", "email", "role", "influence")


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    """One thing that moves the churn risk."""

    text = serializers.CharField()
    points = serializers.FloatField(help_text="In log-odds; positive raises the risk. All add up to the risk's.")


class StateSerializer(serializers.ModelSerializer[AccountState]):
    """The account's facts as they were on a day."""

    class Meta:
        model = AccountState
        fields = (
            "recorded_on",
            "stage",
            "plan",
            "arr",
            "currency",
            "health_score",
            "nps",
            "seats",
            "active_seats",
            "churn_risk",
        )


class SaidSerializer(serializers.Serializer[Said]):
    """Which system said what of a fact."""

    fact = serializers.CharField(source="field")
    system = serializers.CharField()
    external_id = serializers.CharField()
    value = serializers.CharField()
    said_on = serializers.DateField()
    counts = serializers.BooleanField()


class AccountSerializer(serializers.Serializer[Dossier]):
    """Everything about one account. Amounts are in its own currency unless the name says base."""

    id = serializers.CharField(source="account.external_id")
    name = serializers.CharField(source="account.name")
    domain = serializers.CharField(source="account.domain")
    country = serializers.CharField(source="account.country")
    owner = serializers.CharField(source="account.owner")
    segment = serializers.CharField(source="account.segment")
    plan = serializers.CharField(source="account.plan")
    stage = serializers.CharField(source="account.stage")
    churned_on = serializers.DateField(source="account.churned_on", allow_null=True)
    parent = AccountNameSerializer(source="account.parent", allow_null=True)
    reseller = AccountNameSerializer(source="account.reseller", allow_null=True)
    family = AccountNameSerializer(source="head", help_text="The head of the family.")
    subsidiaries = AccountNameSerializer(many=True)
    subsidiary_count = serializers.IntegerField()
    also_known_as = AccountNameSerializer(many=True)
    currency = serializers.CharField(source="account.currency")
    arr = serializers.DecimalField(source="account.arr", **MONEY)
    lifetime_value = serializers.DecimalField(source="account.lifetime_value", **MONEY)
    pipeline = serializers.DecimalField(source="account.pipeline", **MONEY)
    win_probability = serializers.DecimalField(
        source="account.win_probability", max_digits=4, decimal_places=3, allow_null=True
    )
    base_currency = serializers.CharField(source="base")
    arr_base = serializers.DecimalField(source="arr", **MONEY)
    family_arr_base = serializers.DecimalField(source="family_arr", **MONEY)
    revenue_at_risk_base = serializers.DecimalField(source="at_risk", **MONEY)
    contract_start = serializers.DateField(source="account.contract_start", allow_null=True)
    contract_end = serializers.DateField(source="account.contract_end", allow_null=True)
    renewal_date = serializers.DateField(source="account.renewal_date", allow_null=True)
    renewal_in_days = serializers.IntegerField(allow_null=True)
    tenure_months = serializers.IntegerField(source="account.tenure_months", allow_null=True)
    seats = serializers.IntegerField(source="account.seats", allow_null=True)
    active_seats = serializers.IntegerField(source="account.active_seats", allow_null=True)
    health_score = serializers.IntegerField(source="account.health_score", allow_null=True)
    nps = serializers.IntegerField(source="account.nps", allow_null=True)
    overdue_days = serializers.IntegerField(source="account.overdue_days", allow_null=True)
    fit = serializers.DecimalField(source="account.fit", max_digits=3, decimal_places=2, allow_null=True)
    fit_reasons = serializers.ListField(source="account.fit_reasons", child=serializers.CharField())
    churn_risk = serializers.DecimalField(source="account.churn_risk", max_digits=5, decimal_places=4, allow_null=True)
    churn_reasons = ReasonSerializer(source="account.churn_reasons", many=True)
    contacts = ContactSerializer(many=True)
    contact_count = serializers.IntegerField()
    asked = AskedSerializer(many=True)
    asked_count = serializers.IntegerField()
    unplaced_count = serializers.IntegerField()
    open_tickets = serializers.IntegerField(source="ticket_count")
    states = StateSerializer(many=True)
    provenance = SaidSerializer(source="said", many=True, help_text="Which system said what, what counts first.")


class BriefSerializer(serializers.Serializer[Brief]):
    """What to know before a call or a letter."""

    text = serializers.CharField(help_text="The whole brief as plain text.")
    health = serializers.CharField()
    last_nps = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField())
    blocking = AskedSerializer(many=True)
    promises = AskedSerializer(many=True)
    shipped = AskedSerializer(many=True)


class AccountView(APIView):
    """One account by our id or any system's."""

    @extend_schema(operation_id="account_get", summary="One account", responses=AccountSerializer)
    def get(self, _request: Request, reference: str) -> Response:
        """Profile, value, risk with reasons, what they asked for and where it stands."""
        return Response(AccountSerializer(_dossier(reference)).data)


class BriefView(APIView):
    """The brief of one account."""

    @extend_schema(operation_id="account_brief", summary="What to know before acting", responses=BriefSerializer)
    def get(self, _request: Request, reference: str) -> Response:
        """For a renewal, a sales call, a dunning letter."""
        return Response(BriefSerializer(account_brief(dossier=_dossier(reference))).data)


def _dossier(reference: str) -> Dossier:
    account = account_find(reference=reference)
    if account is None:
        raise Http404
    return account_dossier(account=account)
