"""The pages of the policy room whose queries are counted."""

from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.records.searching import search_columns
from policy_match.models import Clause, Policy, Push
from policy_match.services import push_matches
from tests.crm.factories import AT, EnterpriseFactory, member_of, staff
from tests.pages import page
from tests.policy_match.cast import Cast


def _clauses(rows):
    policy = Policy.objects.create(title="若干措施", issuer="科技局", effective_from=AT.date())
    for number in range(rows):
        Clause.objects.create(
            policy=policy,
            code=f"c{Clause.objects.count()}",
            title=f"条款{number}",
            words="原文",
            **search_columns(f"条款{number}"),
        )
    return staff(Role.POLICY_EDITOR)


@page("policy_match.clause_list")
def clause_list(rows):
    return _clauses(rows), reverse("staff:policy_match:clause_list")


@page("policy_match.clause_detail")
def clause_detail(rows):
    user = _clauses(rows)
    return user, reverse("staff:policy_match:clause_detail", args=[Clause.objects.first().pk])


def _pushed():
    cast, enterprise = Cast(), EnterpriseFactory()
    member_of(enterprise)
    cast.know(enterprise, revenue=4260, rd=287)
    (push,) = push_matches(actor=cast.editor, run=cast.run(), at=AT)
    return push


@page("policy_match.push_detail")
def push_detail(_rows):
    push = Push.objects.first() or _pushed()
    member = push.enterprise.memberships.get().user
    return member, reverse("portal:policy_match:push_detail", args=[push.pk])
