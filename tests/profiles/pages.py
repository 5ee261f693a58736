"""The pages of the profile room whose queries are counted."""

from datetime import timedelta

from django.urls import reverse

from crm.common.people.enums import Role
from crm.models import Department
from crm.services import load_reference
from profiles.models import ImportBatch, Indicator, Label, LabelAssignment, LabelRun
from profiles.services import Value, load_indicators, load_labels, record_values
from profiles.services.tables.periods import Span
from tests.crm.factories import (
    AT,
    AreaFactory,
    EnterpriseFactory,
    acting,
    member_of,
    somebody_elsewhere,
    staff,
)
from tests.pages import page


def _batches(rows):
    load_reference()
    load_indicators()
    department = Department.objects.get(code="tjj")
    user = staff(Role.HANDLER, department=department)
    enterprise = EnterpriseFactory()
    indicator = Indicator.objects.get(code="gross_output")
    for number in range(rows):
        start, end = Span(2024, number % 12 + 1).period("month")
        record_values(
            actor=acting(user),
            department=department,
            name=f"{number}.xlsx",
            sha256=f"{ImportBatch.objects.count():064d}",
            values=[Value(enterprise.pk, indicator.pk, start, end, 10_000)],
            at=AT + timedelta(minutes=number),
        )
    return user, enterprise, indicator


@page("profiles.import_list", outside=lambda: staff(Role.HANDLER))
def import_list(rows):
    user, _enterprise, _indicator = _batches(rows)
    return user, reverse("staff:profiles:import_list")


@page("profiles.import_detail")
def import_detail(rows):
    user, _enterprise, _indicator = _batches(rows)
    batch = ImportBatch.objects.first()
    return user, reverse("staff:profiles:import_detail", args=[batch.pk])


@page("profiles.value_history", outside=somebody_elsewhere)
def value_history(rows):
    user, enterprise, indicator = _batches(rows)
    return user, reverse("staff:profiles:value_history", args=[enterprise.pk, indicator.pk])


@page("profiles.enterprise_values", outside=somebody_elsewhere)
def enterprise_values(rows):
    user, enterprise, _indicator = _batches(rows)
    return user, reverse("staff:profiles:enterprise_values", args=[enterprise.pk])


@page("profiles.consent_edit")
def consent_edit(_rows):
    enterprise = EnterpriseFactory(area=AreaFactory())
    user = staff(Role.AGENT, areas=[enterprise.area])
    return user, reverse("staff:profiles:consent_edit", args=[enterprise.pk])


@page("profiles.portal_consent")
def portal_consent(_rows):
    enterprise = EnterpriseFactory()
    return member_of(enterprise), reverse("portal:profiles:consent_edit", args=[enterprise.pk])


def _warnings(rows):
    load_reference()
    load_indicators()
    load_labels(AT.date())
    area = AreaFactory()
    user = staff(Role.AGENT, areas=[area])
    label = Label.objects.get(code="power-down")
    version = label.versions.get()
    for _n in range(rows):
        LabelAssignment.objects.create(
            label=label,
            version=version,
            enterprise=EnterpriseFactory(area=area),
            since=AT.date(),
            why=["用电量低于上一个月用电量（供电公司，2024-08）"],
            recorded_at=AT,
        )
    counts = {str(label.pk): {"standing": rows, "begun": rows, "ended": 0, "unknown": 0}}
    LabelRun.objects.create(as_of=AT.date(), ran_at=AT, judged=rows, counts=counts)
    return user


@page("profiles.label_list", outside=somebody_elsewhere)
def label_list(rows):
    return _warnings(rows), reverse("staff:profiles:label_list")


@page("profiles.label_detail", outside=somebody_elsewhere)
def label_detail(rows):
    return _warnings(rows), reverse("staff:profiles:label_detail", args=["power-down"])


@page("profiles.label_edit")
def label_edit(rows):
    _warnings(rows)
    url = reverse("staff:profiles:label_edit", args=["power-down"])
    return staff(Role.POLICY_EDITOR), url


@page("profiles.warning_check")
def warning_check(rows):
    user = _warnings(rows)
    row = LabelAssignment.objects.latest("pk")
    return user, reverse("staff:profiles:warning_check", args=[row.pk])
