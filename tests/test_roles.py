"""Four roles, each with what it may do and no more, and pages that load nothing from elsewhere."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

MAY = {
    "Viewer": [],
    "Agent": ["feedback.add_feedbackitem", "customers.change_contact"],
    "Product manager": ["insights.add_correction", "insights.change_problem", "insights.delete_scenario"],
    "Administrator": ["insights.add_weightsversion", "auth.change_user", "insights.delete_apikey"],
}


@pytest.mark.parametrize("role", MAY)
def test_a_role_may_what_it_is_for(db: None, role: str) -> None:
    user = User.objects.create_user("somebody")
    user.groups.add(Group.objects.get(name=role))
    may = {right for rights in list(MAY.values())[: list(MAY).index(role) + 1] for right in rights}
    may_not = {right for rights in MAY.values() for right in rights} - may
    assert user.has_perms(may)
    assert not any(user.has_perm(right) for right in may_not)
    assert user.has_perm("insights.view_problem")


def test_a_page_loads_and_sends_to_nowhere_else(db: None, client: Client) -> None:
    policy = client.get("/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for other in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert other in policy
