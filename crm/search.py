"""What the workspace search finds of enterprises."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.slots.search import Hit, SearchIndex, register
from crm.models import Enterprise


def _find(actor: Actor, query: str) -> QuerySet[Enterprise]:
    return Enterprise.objects.visible_to(actor).matching(query).select_related("area", "industry")


def _hit(enterprise: Enterprise) -> Hit:
    return Hit(
        title=enterprise.name,
        subtitle=f"{enterprise.uscc} · {enterprise.area}",
        url=reverse("staff:crm:enterprise_detail", args=[enterprise.pk]),
    )


register(
    SearchIndex(
        key="enterprises",
        label=_("Enterprises"),
        icon="building",
        order=20,
        find=_find,
        hit=_hit,
    )
)
