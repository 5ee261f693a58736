"""Every role's home is worth opening: what waits for it stands there, and nothing of others."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from crm.common.days.clock import SHANGHAI
from crm.common.people.enums import Role
from policy_match.enums import MatchState, VersionStatus
from policy_match.models import Clause, ClauseVersion, Match, MatchRun, Policy
from profiles.models import FeatureSnapshot
from projects.enums import ApprovalStatus, Light
from projects.models import (
    Approval,
    ApprovalPause,
    Project,
    TeamMember,
    TeamSlot,
    ZeroBurdenDecision,
)
from projects.services import load_team_slots
from tests.crm.factories import staff
from tests.issues.factories import Cast, ProjectFactory
from tests.projects.factories import matter

pytestmark = pytest.mark.django_db
TODAY = reverse("staff:cms:today")
AT = datetime(2024, 9, 10, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


@pytest.fixture
def cast():
    return Cast()


def home(client, user):
    client.force_login(user)
    page = client.get(TODAY)
    assert page.status_code == 200
    return page.content.decode()


def case(project, unit, status, number, **more):
    """A case of the department, accepted on 5 September and due on the 13th."""
    entry = matter(code=number, department=unit)
    return Approval.objects.create(
        number=number,
        project=project,
        matter=entry,
        version_of_matter=entry.versions.get(),
        department=unit,
        status=status,
        statutory_days=20,
        promised_days=6,
        entrusted_at=AT,
        accepted_on=date(2024, 9, 5),
        due_on=date(2024, 9, 13),
        created_at=AT,
        updated_at=AT,
        **more,
    )


def test_a_handler_sees_the_clocks_of_the_own_cases_and_why_one_stands(client, cast):
    case(cast.project, cast.power, ApprovalStatus.UNDER_REVIEW, "在审的")
    paused = case(cast.project, cast.power, ApprovalStatus.PAUSED, "停着的")
    ApprovalPause.objects.create(approval=paused, start_on=date(2024, 9, 9), reason="缺监理合同")
    text = home(client, cast.handler)
    assert "已用 5 个、承诺 6 个工作日" in text
    assert "缺监理合同" in text
    for person in (cast.helper, cast.strange_handler):
        text = home(client, person)
        assert "在审的" not in text
        assert "缺监理合同" not in text


def test_a_lead_sees_who_needs_help_first(client, cast):
    load_team_slots()
    slot = TeamSlot.objects.first()
    other = staff(Role.AGENT, areas=[cast.area], display_name="许敏")
    held = [(cast.project, cast.agent)]
    held += [(ProjectFactory(enterprise=cast.enterprise), other) for _ in range(2)]
    for project, person in held:
        TeamMember.objects.create(project=project, slot=slot, user=person, since=date(2024, 9, 1))
    TeamMember.objects.create(project=held[1][0], slot=slot, user=cast.lead, since=date(2024, 9, 1))
    late = Project.objects.filter(team__user=other)
    Project.objects.filter(pk__in=list(late.values_list("pk", flat=True))).update(
        light=Light.RED, late=2
    )
    text = home(client, cast.lead)
    assert "谁需要帮" in text
    assert "逾期 2 / 2 个" in text
    assert held[1][0].name in text
    assert "逾期 1 / 1 个" not in text
    assert "谁需要帮" not in home(client, cast.agent)


def version(number=1, **more):
    policy, _new = Policy.objects.get_or_create(
        title="惠企政策", defaults={"issuer": "市政府", "effective_from": date(2024, 1, 1)}
    )
    clause = Clause.objects.create(policy=policy, code=f"T{number}", title=f"第{number}条补助")
    return ClauseVersion.objects.create(
        clause=clause,
        number=1,
        rule={},
        benefit={},
        sentence="",
        author=staff(Role.POLICY_EDITOR),
        drafted_at=AT,
        **more,
    )


def published(number):
    return version(
        number,
        status=VersionStatus.PUBLISHED,
        published_at=AT,
        effective_from=date(2024, 6, 1),
        reviewer=staff(Role.LEADER),
    )


@pytest.fixture
def run(cast):
    snapshot = FeatureSnapshot.objects.create(
        as_of=date(2024, 9, 1), path="x", content_hash="0" * 64, rows=1, columns=[], created_at=AT
    )
    made = MatchRun.objects.create(
        snapshot=snapshot, engine="plain", judged=1, counts={}, ran_at=AT
    )
    known = published(1)
    made.versions.add(known)
    Match.objects.create(
        run=made,
        version=known,
        enterprise=cast.enterprise,
        state=MatchState.ELIGIBLE,
        amount_fen=300_000_00,
    )
    return made


def test_a_policy_editor_sees_drafts_rules_not_run_and_new_matches(client, cast, run):
    draft, late = version(2), published(3)
    text = home(client, staff(Role.POLICY_EDITOR))
    for clause in (draft.clause, late.clause, run.versions.get().clause):
        assert clause.title in text
        address = reverse("staff:policy_match:clause_detail", args=[clause.pk])
        assert address in text
    assert "没算" in text
    assert draft.clause.title not in home(client, cast.agent)


def test_a_policy_editor_with_a_free_desk_is_told_so(client):
    text = home(client, staff(Role.POLICY_EDITOR))
    assert "没有在写的规则" in text
    assert "没算" not in text


def test_finance_sees_what_the_rules_would_pay_and_the_relief_of_others(client, cast, run):
    finance = staff(Role.FINANCE)
    assert "没有等第二人复核的减免" in home(client, finance)
    for number, person in (("LF-1", cast.lead), ("LF-2", finance)):
        project = ProjectFactory(enterprise=cast.enterprise, name=f"{number}的项目")
        ZeroBurdenDecision.objects.create(
            project=project,
            number=number,
            relieved_fen=120_000_00,
            created_by=person,
            created_at=AT,
            updated_at=AT,
        )
    text = home(client, finance)
    assert "LF-1的项目" in text
    assert "LF-2的项目" not in text
    assert "30.0" in text
    pk = ZeroBurdenDecision.objects.get(number="LF-1").pk
    address = reverse("staff:projects:relief_move", args=[pk, "decide"])
    assert address in text
    assert client.get(address).status_code == 200
    assert client.post(address, {}, follow=True).status_code == 200
    assert "LF-1的项目" not in home(client, finance)
    assert "按现行规则应兑付" not in home(client, cast.lead)


def test_an_auditor_sees_the_end_of_the_chain_and_nobody_else_does(client, cast):
    cast.log()
    assert "审计链" in home(client, staff(Role.AUDITOR))
    assert "审计链" not in home(client, cast.leader)
