"""Auditors see all, and each look of theirs at a record or an export is written down."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from tests.access import matrix
from tests.access.world import built
from tests.crm.factories import EnterpriseFactory, staff

RECORDS = [
    (name, view)
    for name, view, asks in matrix.named_views(get_resolver().url_patterns)
    if asks and name.startswith("staff:")
]


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    with built(django_db_blocker, tmp_path_factory.mktemp("files")) as world:
        yield world


def _looks():
    return AuditEvent.objects.filter(verb="auditor.look")


@pytest.mark.django_db
def test_every_record_that_an_auditor_can_open_is_written_down_at_each_look(city):
    [auditor] = [one for one in city.people if one.name == "auditor"]
    client, seen = Client(), set()
    client.force_login(auditor.user)
    for name, _view in RECORDS:
        args = matrix.record_of(name)(city.inside, auditor, city)
        before = _looks().count()
        answer = client.get(reverse(name, args=args))
        if answer.status_code == 200:
            seen.add(name)
            assert _looks().count() == before + 1, name
        else:
            assert _looks().count() == before, name
    assert {
        "staff:crm:enterprise_detail",
        "staff:profiles:enterprise_values",
        "staff:profiles:value_history",
        "staff:projects:project_detail",
        "staff:issues:issue_detail",
    } <= seen


@pytest.mark.django_db
def test_an_export_is_a_look_and_who_is_no_auditor_is_not_watched(client):
    enterprise = EnterpriseFactory()
    address = reverse("staff:crm:enterprise_detail", args=[enterprise.pk])
    client.force_login(staff(Role.LEADER))
    assert client.get(address).status_code == 200
    assert not _looks().exists()
    auditor = staff(Role.AUDITOR)
    client.force_login(auditor)
    client.get(reverse("staff:crm:enterprise_list"))
    assert not _looks().exists()
    client.get(reverse("staff:crm:enterprise_list"), {"format": "xlsx", "q": "泵"})
    client.get(address)
    export, look = _looks().order_by("pk")
    assert export.after["asked"].startswith("format=xlsx")
    assert (look.actor, look.after["record"]) == (auditor, {"pk": str(enterprise.pk)})
    assert client.get(reverse("staff:crm:enterprise_detail", args=[99_999])).status_code == 404
    assert _looks().count() == 2
