"""What the workspace search finds of policies."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.slots.search import Hit, SearchIndex, register
from policy_match.models import Clause


def _find(actor: Actor, query: str) -> QuerySet[Clause]:
    return Clause.objects.visible_to(actor).matching(query).select_related("policy")


def _hit(clause: Clause) -> Hit:
    url = reverse("staff:policy_match:clause_detail", args=[clause.pk])
    return Hit(title=clause.title, subtitle=clause.policy.title, url=url)


register(
    SearchIndex(
        key="clauses", label=_("Policy clauses"), icon="scale", order=40, find=_find, hit=_hit
    )
)
