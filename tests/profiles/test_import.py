"""Imports as departments send them: checked whole, stored whole, undone whole."""

import io
import json
import zipfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.records.files import FileRefused
from crm.common.slots.figures import get
from crm.models import Department, Enterprise
from crm.rules import uscc_problem
from crm.services import load_reference
from profiles.models import ImportBatch, Indicator, Observation, UnknownEnterprise
from profiles.services import ImportRefused, import_table, load_indicators, roll_back_batch
from profiles.services.tables.grid import sheets_of
from profiles.services.tables.layout import find_tables
from tests.crm.factories import AT, EnterpriseFactory, acting, staff

pytestmark = pytest.mark.django_db
FILES = sorted((Path(__file__).parents[2] / "cms/demo/data/departments").glob("*.xlsx"))
SYSTEM = system_actor("tests")


@pytest.fixture
def tax():
    load_reference()
    load_indicators()
    return Department.objects.get(code="swj")


def sheet(rows, title="天门市重点企业纳税情况统计表（2024年7月）"):
    book = Workbook()
    page = book.active
    page.append([title])
    page.append(["单位：元"])
    page.append(["序号", "统一社会信用代码", "企业名称", "销售情况", ""])
    page.append(["", "", "", "增值税应税销售额", "开票销售额"])
    for number, row in enumerate(rows, start=1):
        page.append([number, *row])
    page.append(["合计"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def bring_in(department, content, *, name="税务.xlsx", actor=SYSTEM, at=AT, **more):
    return import_table(
        actor=actor, department=department, name=name, content=content, at=at, **more
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_three_departments_files_are_understood(path, tax):
    (sheet,) = sheets_of(name=path.name, content=path.read_bytes())
    (table,) = find_tables(sheet)
    for number in table.data_rows:
        code = "".join(str(table.cell(number, 1)).split()).upper()
        folded = code.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        if uscc_problem(folded) is None and "MAC9K2P3" not in folded:
            EnterpriseFactory(uscc=folded, name=table.cell(number, 2))
    known = Enterprise.objects.count()
    department = Department.objects.get(short_name=path.name.split("-")[0])
    report = bring_in(department, path.read_bytes(), name=path.name)
    assert report.period == "2024-07"
    assert report.ignored_columns == []
    assert report.created == report.values > 30
    assert {row.reason for row in report.review} == {"unknown", "wrong_code"}
    assert UnknownEnterprise.objects.count() == 2
    assert Enterprise.objects.count() == known
    again = bring_in(department, path.read_bytes(), name=path.name)
    assert again.already_imported
    assert ImportBatch.objects.count() == 1


def test_amounts_are_kept_in_the_unit_of_the_catalogue_with_their_cell(tax):
    firm = EnterpriseFactory()
    bring_in(tax, sheet([[firm.uscc, firm.name, "1,234,567.80", "—"]]))
    value = Observation.objects.get()
    assert value.indicator.code == "taxable_sales"
    assert value.number_e4 == 1_234_568
    assert (value.period_start, value.period_end) == (date(2024, 7, 1), date(2024, 7, 31))
    assert (value.row, value.column) == (5, "D")


def test_one_bad_cell_stores_nothing_and_is_named(tax):
    first, second = EnterpriseFactory(), EnterpriseFactory()
    content = sheet([[first.uscc, first.name, 100, 200], [second.uscc, second.name, "约三万", 5]])
    with pytest.raises(ImportRefused, match=r"D6.*约三万"):
        bring_in(tax, content)
    assert not ImportBatch.objects.exists()
    assert not Observation.objects.exists()


def test_a_dry_run_tells_and_stores_nothing(tax):
    firm = EnterpriseFactory()
    report = bring_in(tax, sheet([[firm.uscc, firm.name, 100, 200]]), dry_run=True)
    assert report.values == 2
    assert not Observation.objects.exists()


def test_the_same_enterprise_twice_is_a_problem_not_a_guess(tax):
    firm = EnterpriseFactory()
    with pytest.raises(ImportRefused, match="B6"):
        bring_in(tax, sheet([[firm.uscc, firm.name, 1, 1], [firm.uscc, firm.name, 2, 2]]))


def test_a_correction_supersedes_and_the_old_value_stays_readable(tax):
    firm = EnterpriseFactory()
    bring_in(tax, sheet([[firm.uscc, firm.name, 10000, 20000]]))
    later = AT + timedelta(days=3)
    report = bring_in(
        tax, sheet([[firm.uscc, firm.name, 10000, 30000]]), name="更正.xlsx", at=later
    )
    assert (report.created, report.corrected, report.unchanged) == (0, 1, 1)
    old, new = Observation.objects.filter(indicator__code="invoiced_sales").order_by("pk")
    assert (old.number_e4, new.number_e4) == (20_000, 30_000)
    assert old.superseded_by == new
    assert get("observations").value(AT + timedelta(days=1)) == 2
    assert get("observations").value(later + timedelta(days=1)) == 2


def test_a_rollback_brings_back_what_was_there_before(tax):
    firm = EnterpriseFactory()
    first = bring_in(tax, sheet([[firm.uscc, firm.name, 10000, 20000]]))
    second = bring_in(tax, sheet([[firm.uscc, firm.name, 10000, 30000]]), name="错.xlsx")
    early, late = (ImportBatch.objects.get(pk=r.batch_id) for r in (first, second))
    with pytest.raises(UserFacingError, match="错"):
        roll_back_batch(actor=SYSTEM, batch=early, reason="反了", at=AT)
    roll_back_batch(actor=SYSTEM, batch=late, reason="报错了", at=AT)
    current = Observation.objects.current().filter(indicator__code="invoiced_sales").get()
    assert current.number_e4 == 20_000
    with pytest.raises(UserFacingError):
        roll_back_batch(actor=SYSTEM, batch=late, reason="再来", at=AT)
    assert (
        bring_in(tax, sheet([[firm.uscc, firm.name, 10000, 30000]]), name="错.xlsx").corrected == 1
    )


def test_a_stranger_imports_nothing_and_takes_nothing_back(tax):
    firm = EnterpriseFactory()
    content = sheet([[firm.uscc, firm.name, 1, 1]])
    other = acting(staff(Role.HANDLER, department=Department.objects.get(code="rsj")))
    with pytest.raises(NotAllowedError):
        bring_in(tax, content, actor=other)
    own = acting(staff(Role.HANDLER, department=tax))
    report = bring_in(tax, content, actor=own)
    with pytest.raises(NotAllowedError):
        roll_back_batch(
            actor=other, batch=ImportBatch.objects.get(pk=report.batch_id), reason="x", at=AT
        )


def test_a_csv_in_gbk_is_read(tax):
    firm = EnterpriseFactory()
    text = f"2024年7月纳税情况\n统一社会信用代码,企业名称,开票销售额（万元）\n{firm.uscc},{firm.name},12.5\n"
    report = bring_in(tax, text.encode("gbk"), name="税务.csv")
    assert report.created == 1
    assert Observation.objects.get().number_e4 == 125_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("税务.pdf", b"%PDF-1.7"),
        ("税务.xlsx", b"PK\x03\x04 damaged"),
        ("税务.xlsx", b"<html></html>"),
        ("税务.csv", b"\xff\xfe\x00\x81\xff"),
    ],
)
def test_a_file_that_cannot_be_opened_gets_a_sentence(tax, name, content):
    with pytest.raises(FileRefused, match="税务"):
        bring_in(tax, content, name=name)


def test_a_file_over_the_limit_is_refused_with_both_sizes(tax, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    with pytest.raises(FileRefused, match=r"2 MB.*1 MB"):
        bring_in(tax, b"x" * (2 * 1024 * 1024), name="大.csv")


def test_a_zip_bomb_is_refused(tax):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    with pytest.raises(FileRefused):
        bring_in(tax, stream.getvalue())


def test_a_formula_without_its_result_is_refused_by_its_cell(tax):
    firm = EnterpriseFactory()
    with pytest.raises(FileRefused, match="D5"):
        bring_in(tax, sheet([[firm.uscc, firm.name, "=1+1", 5]]))


def test_a_table_without_a_month_asks_for_it(tax):
    firm = EnterpriseFactory()
    with pytest.raises(UserFacingError, match="--period"):
        bring_in(tax, sheet([[firm.uscc, firm.name, 1, 1]], title="统计表"))


def test_the_catalogue_has_126_indicators_each_with_its_department(tax):
    assert Indicator.objects.count() == 126
    assert get("indicators").value(AT) == 126


def test_the_command_prints_one_object_and_fails_with_a_sentence(tax, tmp_path):
    firm = EnterpriseFactory()
    good, bad = tmp_path / "好.xlsx", tmp_path / "坏.xlsx"
    good.write_bytes(sheet([[firm.uscc, firm.name, 1, 2]]))
    bad.write_bytes(sheet([[firm.uscc, firm.name, "甲", 2]]))
    out = StringIO()
    call_command("import_observations", str(good), "--department", "税务局", "--json", stdout=out)
    assert json.loads(out.getvalue())["created"] == 2
    with pytest.raises(CommandError, match="D5"):
        call_command("import_observations", str(bad), "--department", "swj", stdout=StringIO())
    with pytest.raises(CommandError, match="没有的局"):
        call_command("import_observations", str(good), "--department", "没有的局")
