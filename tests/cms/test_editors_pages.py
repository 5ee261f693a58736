"""What is shown at the edges: editors' pages, wrong addresses, no machine clock."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from crm.common.face import formatting
from crm.common.people.enums import Role
from crm.common.records import audit
from crm.common.records.models import AuditEvent
from tests.crm.factories import EnterpriseFactory, member_of, staff
from tests.issues.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.ADMIN, Role.POLICY_EDITOR])
def test_editors_and_administrators_get_the_editors_pages_in_chinese(client, role):
    client.force_login(staff(role))
    page = client.get("/cms/")
    assert page.status_code == 200
    text = page.content.decode()
    assert 'lang="zh-hans"' in text
    assert "控制面板" in text
    labels = [json.loads(f'"{one}"') for one in re.findall(r'"label": "([^"]*)"', text)]
    assert "注销" in labels
    assert [one for one in labels if re.search("[A-Za-z]", one)] == []


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEADER, Role.FINANCE, Role.AUDITOR])
def test_nobody_else_of_the_city_gets_them(client, role):
    client.force_login(staff(role))
    assert client.get("/cms/").status_code in (302, 403)


def test_an_enterprise_and_a_switched_off_account_do_not_get_them(client):
    client.force_login(member_of(EnterpriseFactory()))
    assert client.get("/cms/").status_code in (302, 403)
    gone = staff(Role.ADMIN)
    client.force_login(gone)
    gone.is_active = False
    gone.save()
    assert client.get("/cms/").status_code in (302, 403)


@pytest.mark.parametrize("address", ["/nonsense/", "/work/nonsense/", "/my/nonsense/"])
def test_a_wrong_address_is_not_found_whoever_asks(client, address):
    assert client.get(address).status_code == 404
    client.force_login(staff(Role.AGENT))
    assert client.get(address).status_code == 404


def test_a_right_address_still_asks_a_stranger_to_sign_in(client):
    assert client.get("/work/").status_code == 302


def test_the_changes_of_a_record_do_not_show_the_machines_clock(client, settings):
    cast = Cast()
    audit.record("enterprise.updated", actor=cast.acts("agent"), target=cast.enterprise)
    address = reverse("staff:crm:enterprise_detail", args=[cast.enterprise.pk])
    stamp = formatting.moment(AuditEvent.objects.latest("pk").at)
    client.force_login(cast.leader)
    assert stamp in client.get(address).content.decode()
    settings.ANSHANG_TODAY = date(2024, 9, 12)
    page = client.get(address)
    stamps = [formatting.moment(change["event"].at) for change in page.context["changes"]]
    assert stamps
    for one in stamps:
        assert one not in page.content.decode()
