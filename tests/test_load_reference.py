"""An empty city begins: one command loads what every room stands on, dated, as often as one likes."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crm.common.records.models import AuditEvent
from crm.common.slots.reference import loaders
from crm.models import Area, Department, Industry
from issues.models import IssueCategory, LimitRule
from issues.selectors.limits import version_on
from profiles.models import Indicator, IndicatorVersion, Label
from profiles.selectors import versions_on
from projects.models import ApprovalMatter, FeeItem, FeeItemVersion, MatterVersion, TeamSlot

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 12)
LOADED = {
    "departments": Department,
    "areas": Area,
    "industries": Industry,
    "matters": ApprovalMatter,
    "slots": TeamSlot,
    "fees": FeeItem,
    "categories": IssueCategory,
    "limits": LimitRule,
    "indicators": Indicator,
    "labels": Label,
}


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = TODAY


def load(*words):
    out = StringIO()
    call_command("load_reference", *words, stdout=out)
    return dict(part.rsplit(" ", 1) for part in out.getvalue().strip().split(", "))


def test_an_empty_database_has_every_catalogue_afterwards_and_says_how_many():
    assert not any(model.objects.exists() for model in LOADED.values())
    told = load()
    assert {name: int(count) for name, count in told.items()} == {
        name: model.objects.count() for name, model in LOADED.items()
    }
    assert told["indicators"] == "126"
    assert int(told["categories"]) == 8
    assert versions_on(TODAY).count() == 126
    assert MatterVersion.objects.in_force(TODAY).count() == ApprovalMatter.objects.count()
    assert version_on(TODAY).rules.count() == 3


def test_a_second_time_changes_nothing_and_each_time_is_one_line_of_the_audit():
    first = load()
    dated = (IndicatorVersion, MatterVersion, FeeItemVersion)
    versions = [list(model.objects.order_by("pk").values_list()) for model in dated]
    assert load() == first
    assert [list(model.objects.order_by("pk").values_list()) for model in dated] == versions
    events = AuditEvent.objects.filter(verb="reference.load")
    assert [event.after["indicators"] for event in events] == [126, 126]
    assert {event.after["from"] for event in events} == {"2024-09-13"}


def test_what_the_city_changed_is_left_and_what_we_changed_begins_on_the_day_that_is_named():
    load()
    IssueCategory.objects.filter(code="other").update(name="别的")
    indicator = Indicator.objects.get(code="gross_output")
    unit = indicator.on(TODAY).unit
    indicator.versions.update(unit="元")
    load("--from", "2024-10-01")
    assert IssueCategory.objects.get(code="other").name == "别的"
    assert indicator.on(TODAY).unit == "元"
    assert indicator.on(date(2024, 10, 1)).unit == unit


def test_a_day_before_what_is_in_force_is_refused_and_nothing_is_half_loaded():
    load()
    Indicator.objects.get(code="gross_output").versions.update(unit="元")
    Department.objects.filter(code="swj").update(name="旧名")
    with pytest.raises(CommandError, match="2021-01-01"):
        load("--from", "2020-01-01")
    assert Department.objects.get(code="swj").name == "旧名"


def test_rooms_are_loaded_from_left_to_right():
    assert [loader.key for loader in loaders()] == ["crm", "projects", "issues", "profiles"]
