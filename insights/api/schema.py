"""What the published OpenAPI document says of the API key and of errors."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from insights.api.problem_details import TITLES, VALUES_REFUSED


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the published schema describes the key."""

    target_class = "insights.api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """An API key in a header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Api-Key <key>`. An administrator creates keys in the admin.",
        }


EVERY = (400, 401, 403, 404, 406, 429)
WRITES = (409, 413, 415, 422)
PROBLEM = {
    "type": "object",
    "description": "What was wrong, where, what to do (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"description": "By parameter, field or column what cannot be used."},
    },
    "required": ["type", "title", "status", "detail"],
}


def bodies_required(result: dict[str, Any], **_hook: Any) -> dict[str, Any]:
    """A call that takes a body needs one."""
    for calls in result["paths"].values():
        for call in calls.values():
            if "requestBody" in call:
                call["requestBody"]["required"] = True
    return result


def sparse_rows_described(result: dict[str, Any], **_hook: Any) -> dict[str, Any]:
    """With `fields` a row of the list has some of its fields; a problem by itself always has all."""
    schemas = result["components"]["schemas"]
    row = {name: of for name, of in schemas["RankedProblem"].items() if name != "required"}
    schemas["ListedProblem"] = {
        **row,
        "description": "One row of the ranked list, with the fields that were asked for.",
    }
    schemas["RankingPage"]["properties"]["results"]["items"] = {"$ref": "#/components/schemas/ListedProblem"}
    return result


def errors_described(result: dict[str, Any], **_hook: Any) -> dict[str, Any]:
    """Add the errors to every call: they are the same everywhere."""
    result["components"]["schemas"]["ProblemDetails"] = PROBLEM
    for calls in result["paths"].values():
        for method, call in calls.items():
            statuses = EVERY if method == "get" else (*EVERY, *WRITES)
            for status in statuses:
                call["responses"].setdefault(str(status), _response(status))
    return result


def _response(status: int) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": TITLES[status]}
    if status == 400:
        body["detail"] = VALUES_REFUSED
        body["errors"] = {"ordering": ["is none of rank, revenue_at_risk, customers"]}
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        "description": TITLES[status],
        "content": {"application/problem+json": {"schema": schema, "example": body}},
    }
