"""The demo city: made through services, counted, the same twice, never over real data."""

import json
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F

from cms.demo.checking import problems
from cms.demo.days import AS_OF
from crm.common.days.clock import SHANGHAI
from crm.common.outbox.models import Recipient
from crm.common.records import chain
from crm.common.records.models import AuditEvent
from crm.models import Department, Enterprise
from issues.models import IssueAssignment, Meeting
from projects.models import Project
from tests.crm.factories import EnterpriseFactory

pytestmark = pytest.mark.django_db
FIGURES = {
    "indicators": 126,
    "projects": 283,
    "agency_matters": 315,
    "sweeps": 5,
    "sweep_issues": 59,
    "meetings": 69,
    "coordinated_issues": 79,
    "coordinated_projects": 71,
    "zero_burden_projects": 49,
}


def planted(model, key, **values):
    """Return the plan of a fault in the first row that has none: plant it, name it, undo it."""
    row = model.objects.order_by("pk").first()
    before = {name: getattr(row, name) for name in values}
    rows = model.objects.filter(pk=row.pk)
    return (lambda: rows.update(**values), lambda: rows.update(**before), key)


def faults():
    other = Department.objects.get(code="qxj")
    yield planted(IssueAssignment, "departments", department=other)
    yield planted(Enterprise, "codes", established_on=date(2009, 3, 2))
    sunday = datetime(2022, 10, 16, 10, tzinfo=SHANGHAI)
    yield planted(Meeting, "workdays", held_at=sunday)


@pytest.fixture(autouse=True)
def _as_of_september(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


def inboxes_are_mostly_read():
    """Old messages were read after they came; of the last week's some wait for the agent."""
    week = AS_OF - timedelta(days=7)
    mine = Recipient.objects.filter(user__isnull=False)
    assert not mine.unread().filter(message__created_at__lt=week).exists()
    assert not mine.filter(read_at__lt=F("message__created_at")).exists()
    assert 1 <= mine.unread().filter(user__username="agent").count() <= 9


def told(command, *words):
    out = StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def figures(month="2024-08"):
    counted = json.loads(told("bulletin", month))["figures"]
    return {key: figure["value"] for key, figure in counted.items()}


def test_the_city_has_the_figures_of_august_and_they_are_counted():
    told("seed_demo")
    counted = figures()
    assert counted.pop("observations") > 90_000
    assert {key: counted[key] for key in FIGURES} == FIGURES
    months = [figures(f"2024-{month:02}")["projects"] for month in range(1, 9)]
    assert months == sorted(months)
    assert figures("2024-09")["projects"] == 283
    spring, summer = figures("2023-05")["paid_in_amount"], counted["paid_in_amount"]
    assert 0 < spring < summer

    rows, firms = AuditEvent.objects.count(), Enterprise.objects.count()
    told("seed_demo")
    assert (AuditEvent.objects.count(), Enterprise.objects.count()) == (rows, firms)
    assert chain.verify().is_sound
    accounts = told("demo_accounts")
    assert all(name in accounts for name in ("agent", "handler", "leader", "enterprise"))

    inboxes_are_mostly_read()
    told("check_demo")
    for plant, undo, key in faults():
        plant()
        with pytest.raises(SystemExit):
            told("check_demo")
        assert set(problems()) == {key}
        undo()
    assert not problems()

    quiet = Project.objects.filter(issues=None, approvals=None, zero_burden=None, agenda_items=None)
    quiet.first().delete()
    assert figures()["projects"] == 282


def test_the_city_is_not_made_over_real_data():
    EnterpriseFactory()
    with pytest.raises(CommandError):
        told("seed_demo")
    assert Enterprise.objects.count() == 1


def test_the_city_is_not_made_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        told("seed_demo")
    assert not Enterprise.objects.exists()
