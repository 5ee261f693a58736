"""The list of clauses: where each rule stands, found by policy and state, open to all staff."""

import pytest
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.records.searching import search_columns
from policy_match.enums import VersionStatus
from policy_match.models import Clause, ClauseVersion, Policy
from policy_match.tables import CLAUSES
from tests.crm.factories import AT, acting, staff

pytestmark = pytest.mark.django_db
URL = "staff:policy_match:clause_list"


@pytest.fixture
def clauses():
    """Two clauses of two policies, one of them with a draft."""
    made = []
    for number, title in enumerate(("研发奖补", "上市奖励")):
        policy = Policy.objects.create(
            title=f"措施{number}", issuer="科技局", effective_from=AT.date()
        )
        made.append(
            Clause.objects.create(
                policy=policy, code=f"c{number}", title=title, words="", **search_columns(title)
            )
        )
    ClauseVersion.objects.create(
        clause=made[0],
        number=1,
        rule={},
        benefit={},
        sentence="",
        author=staff(Role.POLICY_EDITOR),
        drafted_at=AT,
    )
    return made


def _titles(client, query=""):
    page = client.get(reverse(URL) + query)
    return [clause.title for clause in page.context["listing"].rows]


def test_a_clause_is_found_by_its_title_and_by_initials(client, clauses):
    client.force_login(staff(Role.AGENT))
    assert _titles(client, "?q=上市") == ["上市奖励"]
    assert _titles(client, "?q=yfjb") == ["研发奖补"]


def test_clauses_are_kept_by_policy_and_by_where_their_rule_stands(client, clauses):
    client.force_login(staff(Role.POLICY_EDITOR))
    assert _titles(client, f"?policy={clauses[1].policy_id}") == ["上市奖励"]
    assert _titles(client, f"?rule={VersionStatus.DRAFT}") == ["研发奖补"]
    assert _titles(client, "?rule=none") == ["上市奖励"]


def test_a_clause_no_run_has_judged_counts_nobody_and_says_whether_it_has_a_rule(clauses):
    rows = {row.title: row for row in CLAUSES.rows(acting(staff(Role.LEADER)))}
    assert rows["研发奖补"].rule_state == VersionStatus.DRAFT
    assert rows["上市奖励"].rule_state is None
    assert rows["上市奖励"].eligible == rows["上市奖励"].lacking == 0


def test_a_member_of_an_enterprise_and_a_stranger_do_not_see_the_list(client, clauses):
    assert client.get(reverse(URL)).status_code == 302
    client.force_login(staff(Role.ENTERPRISE))
    assert client.get(reverse(URL)).status_code == 403
