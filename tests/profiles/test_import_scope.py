"""An import belongs to the department that sent it: nobody else opens it, nobody adds to another's."""

import pytest
from django.core.management import CommandError, call_command
from django.http import Http404
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.records.files import get_visible_file
from crm.common.records.models import StoredFile
from crm.models import Department
from crm.services import load_reference
from profiles.models import ImportBatch, Observation, UnknownEnterprise
from profiles.selectors import versions_on
from profiles.services import ImportAsks, ImportRefused, import_table, load_indicators
from profiles.services.tables.periods import Span
from tests.crm.factories import AT, EnterpriseFactory, acting, staff

pytestmark = pytest.mark.django_db
STRANGERS = [role for role in Role if role not in (Role.HANDLER, Role.AUDITOR, Role.ENTERPRISE)]


class City:
    """Tax and employment, a handler of each, the auditor; tax has sent a file."""

    def __init__(self):
        load_reference()
        load_indicators()
        self.tax = Department.objects.get(code="swj")
        self.work = Department.objects.get(code="rsj")
        self.handler = staff(Role.HANDLER, department=self.tax)
        self.other = staff(Role.HANDLER, department=self.work)
        self.auditor = staff(Role.AUDITOR)
        self.firm, self.sent = EnterpriseFactory(), 0
        names = {row.code: row.name for row in versions_on(AT.date())}
        self.taxed = f"{names['tax_paid_total']}（万元）"
        self.wage = f"{names['avg_contribution_base']}(元/月)"
        self.batch = ImportBatch.objects.get(pk=self.send(self.handler, self.taxed).batch_id)

    def table(self, *headers):
        text = ",".join(["统一社会信用代码", *headers])
        rows = [self.firm.uscc, "9" * 18]
        self.sent += 1
        rows[1] = str(self.sent) + rows[1][1:]
        return "\n".join([text, *(f"{code}{',5' * len(headers)}" for code in rows)]).encode()

    def send(self, user, *headers, department=None, **more):
        return import_table(
            actor=acting(user),
            department=department or self.tax,
            name="表.csv",
            content=self.table(*headers),
            at=AT,
            period=more.pop("period", Span(2024, 7)),
            **more,
        )


def test_batch_rows_to_review_and_file_are_the_department_s_and_the_auditor_s(client):
    city = City()
    page = reverse("staff:profiles:import_detail", args=[city.batch.pk])
    file = city.batch.file
    seen = [(city.handler, 200), (city.auditor, 200), (city.other, 404)]
    seen += [(staff(role), 404) for role in STRANGERS]
    for user, status in seen:
        actor = acting(user)
        allowed = status == 200
        assert ImportBatch.objects.visible_to(actor).exists() is allowed, actor.roles
        assert UnknownEnterprise.objects.visible_to(actor).exists() is allowed
        client.force_login(user)
        assert client.get(page).status_code == status
        if allowed:
            assert get_visible_file(actor, file.pk) == file
        else:
            with pytest.raises(Http404):
                get_visible_file(actor, file.pk)
    assert StoredFile.objects.filter(purpose="import").count() == 1


def test_the_list_shows_the_own_imports_only(client):
    city = City()
    for user, shown in ((city.handler, True), (city.auditor, True), (city.other, False)):
        client.force_login(user)
        text = client.get(reverse("staff:profiles:import_list")).content.decode()
        assert ("表.csv" in text) is shown


def test_another_department_s_indicator_is_asked_about_by_its_column_and_remembered():
    city = City()
    report = city.send(city.handler, city.taxed, city.wage, dry_run=True)
    (question,) = report.questions
    assert (question.kind, question.cell) == ("owner", "C1")
    assert city.wage in question.text
    with pytest.raises(ImportAsks, match=question.key):
        city.send(city.handler, city.taxed, city.wage)
    assert Observation.objects.count() == 1
    city.send(city.handler, city.taxed, city.wage, answers={question.key: "take"})
    assert Observation.objects.count() == 2
    later = city.send(city.handler, city.taxed, city.wage, period=Span(2024, 8))
    assert (later.created, later.questions) == (2, [])


def test_a_unit_above_may_send_what_belongs_to_a_unit_below_and_not_the_other_way_round():
    city = City()
    below = Department.objects.create(
        code="swj-1", name="税务一所", short_name="一所", parent=city.tax, path="x/"
    )
    below.path = f"{city.tax.path}swj-1/"
    below.save()
    lower = staff(Role.HANDLER, department=below)
    with pytest.raises(ImportRefused):
        city.send(lower, city.taxed, department=below)


def test_the_command_line_names_the_department_it_stands_for(tmp_path):
    city = City()
    path = tmp_path / "工资.csv"
    path.write_bytes(city.table(city.taxed, city.wage))
    asked = city.send(city.handler, city.taxed, city.wage, dry_run=True).questions
    given = {"department": "税务局", "period": "2024-08", "verbosity": 0}
    with pytest.raises(CommandError, match=asked[0].key):
        call_command("import_observations", path, **given)
    with pytest.raises(CommandError, match="answer"):
        call_command("import_observations", path, answer=["take"], **given)
    call_command("import_observations", path, answer=[f"{asked[0].key}=take"], **given)
    assert Observation.objects.count() == 3


def test_the_form_offers_the_own_departments_only(client):
    city = City()
    client.force_login(city.other)
    page = client.get(reverse("staff:profiles:import_list")).content.decode()
    assert "人社局" in page or "人力资源" in page
    assert f'value="{city.tax.pk}"' not in page


def test_the_history_of_a_value_leads_to_the_batch_only_who_may_open_it(client):
    city = City()
    value = Observation.objects.get()
    url = reverse("staff:profiles:value_history", args=[city.firm.pk, value.indicator_id])
    link = reverse("staff:profiles:import_detail", args=[city.batch.pk])
    client.force_login(city.handler)
    assert link in client.get(url).content.decode()
    client.force_login(city.other)
    assert link not in client.get(url).content.decode()
