"""A list of names: looked at first, each wrong row told with its cell, opened all or none."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from crm.common.people.enums import Role
from crm.common.people.models import User
from tests.common.factories import UserFactory
from tests.crm.factories import AreaFactory, DepartmentFactory, acting, staff

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "手机", "角色", "单位", "片区"]
URL = "staff:crm:staff_import"


@pytest.fixture
def admin(client):
    user = staff(Role.ADMIN)
    client.force_login(user)
    DepartmentFactory(
        name="市住房和城乡建设局", short_name="市住建局", code="zjj", aliases=["住建"]
    )
    AreaFactory(name="岳口镇", code="429006101")
    return user


def xlsx(*rows):
    book = Workbook()
    book.active.append(["安商人员名单"])
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("名单.xlsx", stream.getvalue())


def look(client, upload):
    answer = client.post(reverse(URL), {"file": upload})
    return answer, answer.content.decode()


def test_a_list_is_looked_at_and_then_opened_with_roles_department_and_areas(client, admin):
    UserFactory(username="limin")
    upload = xlsx(
        HEAD,
        ["李敏", 13900008217, "部门经办", "住建", None],
        ["周敏", "0728-5223344", "代办员、专班组长", "市住建局", "岳口镇"],
        [None, None, None, None, None],
        ["李敏", "", "审计", "zjj", "全市"],
    )
    answer, page = look(client, upload)
    assert "limin2" in page
    assert not User.objects.filter(display_name="周敏").exists()
    opened = client.post(
        reverse("staff:crm:staff_import_open"), {"sealed": answer.context["sealed"]}
    )
    assert opened.status_code == 302
    zhou = User.objects.get(username="zhoumin")
    assert acting(zhou).roles == {Role.AGENT, Role.LEAD}
    assert len(acting(zhou).area_ids) == 1
    assert not zhou.has_usable_password()
    assert User.objects.get(username="limin2").phone == "13900008217"
    assert acting(User.objects.get(username="limin3")).area_ids == frozenset()


def test_each_wrong_row_is_a_sentence_with_its_cell_and_nothing_is_stored(client, admin):
    UserFactory(username="taken", display_name="王工", phone="139 0000 8217")
    before = User.objects.count()
    answer, page = look(
        client,
        xlsx(
            [*HEAD, "登录名"],
            ["周敏", "13900008217", "代办员", "zjj", "", ""],
            ["", "", "代办员", "zjj", "", ""],
            ["甲", "一三九", "代办员", "zjj", "", ""],
            ["乙", "", "局长", "zjj", "", ""],
            ["丙", "", "财政、审计", "zjj", "", ""],
            ["丁", "", "代办员", "市外星局", "", ""],
            ["戊", "", "代办员", "zjj", "火星", ""],
            ["己", "", "", "zjj", "", ""],
            ["庚", "", "代办员", "zjj", "", "taken"],
            ["好", "", "代办员", "zjj", "岳口镇", ""],
        ),
    )
    for cell in ("B3", "A4", "B5", "C6", "C7", "D8", "E9", "C10", "F11"):
        assert f"{cell}：" in page
    assert "王工" in page
    assert answer.context["sealed"] == ""
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("名单.csv", "姓名,手机\n周敏,139\n".encode()),
        SimpleUploadedFile("名单.csv", "姓名,角色,单位\n".encode()),
        SimpleUploadedFile("名单.xlsx", b"no workbook at all"),
        SimpleUploadedFile("名单.csv", ("姓名,角色,单位\n" + "甲,代办员,zjj\n" * 501).encode()),
    ],
)
def test_what_is_no_list_is_told_under_the_field(client, admin, upload):
    before = User.objects.count()
    _answer, page = look(client, upload)
    assert "invalid-feedback" in page
    assert User.objects.count() == before


def test_a_csv_is_read_too_and_what_changed_meanwhile_opens_nothing(client, admin):
    text = "姓名,角色,单位,手机\n周敏,代办员,zjj,13900008217\n吴敏,代办员,zjj,\n"
    answer, _page = look(client, SimpleUploadedFile("名单.csv", text.encode()))
    UserFactory(phone="13900008217")
    before = User.objects.count()
    sealed = {"sealed": answer.context["sealed"]}
    assert client.post(reverse("staff:crm:staff_import_open"), sealed).status_code == 302
    client.post(reverse("staff:crm:staff_import_open"), {"sealed": "forged"})
    assert User.objects.count() == before


def test_a_stranger_neither_looks_nor_opens(client):
    client.force_login(staff(Role.LEADER))
    assert client.get(reverse(URL)).status_code == 403
    assert client.post(reverse("staff:crm:staff_import_open")).status_code == 403
