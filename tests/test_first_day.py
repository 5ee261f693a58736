"""A city without the demo begins: the first day of docs/operations.md, taken from its page."""

import json
import os
import re
import shlex
import subprocess
import sys
import uuid
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import resolve, reverse
from openpyxl import Workbook, load_workbook

from crm.common.outbox import jobs
from crm.common.outbox.models import Job
from crm.common.people.models import User
from crm.models import Department, Enterprise, Industry
from issues.models import Issue, IssueCategory
from profiles.models import Observation
from profiles.tasks import IMPORT
from tests.crm.factories import AT
from tests.issues.factories import picture

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/operations.md").read_text("utf-8")
SECTION = PAGE.split("## The first day")[1].split("\n## ")[0]
COMMANDS = [
    shlex.split(line, comments=True)[2:]
    for line in SECTION.splitlines()
    if line.startswith("    .venv/bin/python manage.py ")
]
ADDRESSES = re.findall(r"\| `(/[^`]+)` \|", SECTION)
USCC = "91429006MA49000026"
WORD = "anshang-diyitian-2024"


def of(name):
    """Return a command of the page with its arguments."""
    return next(words for words in COMMANDS if words[0] == name)


def run(name, *instead):
    out = StringIO()
    words = [*of(name)]
    for old, new in instead:
        words[words.index(old)] = str(new)
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_commands_work_on_an_empty_machine(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = []
    for words in [*COMMANDS[:3], of("verify_audit")]:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**kept, "ANSHANG_VAR": str(tmp_path / "var")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        told.append(done.stdout)
    assert "indicators 126" in told[1]
    assert "/accounts/password/reset/key/" in told[2]


class Day:
    """The people of the first day, each signed in as the page says."""

    def __init__(self, client):
        self.client = client

    def set_password(self, link):
        self.client.logout()
        form = self.client.get(link, follow=True).redirect_chain[-1][0]
        self.client.post(form, {"password1": WORD, "password2": WORD})

    def signs_in(self, username):
        self.client.logout()
        sent = {"login": username, "password": WORD}
        assert self.client.post(reverse("account_login"), sent).status_code == 302

    def posts(self, address, data):
        assert address in ADDRESSES
        answer = self.client.post(address, data)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        return answer

    def moves(self, name, **fields):
        url = reverse("staff:issues:issue_move", args=[Issue.objects.get().pk, name])
        assert self.client.post(url, fields).status_code == 302, name


def sheet(*rows, name="名单.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile(name, stream.getvalue())


@pytest.fixture
def day(client, db, settings):
    settings.ANSHANG_TODAY = AT.date()
    return Day(client)


def names(day):
    """The administrator imports a list of names and gives out the links."""
    upload = sheet(
        ["姓名", "角色", "单位", "片区"],
        ["周敏", "代办员", "安商办", "天门市"],
        ["郑斌", "专班组长", "安商办", "天门市"],
        ["许文", "部门经办", "税务局", ""],
        ["田军", "部门经办", "供电公司", ""],
        ["陈振华", "领导", "安商办", ""],
    )
    looked = day.client.post("/work/accounts/import/", {"file": upload})
    day.client.post(reverse("staff:crm:staff_import_open"), {"sealed": looked.context["sealed"]})
    people = User.objects.exclude(username="pengxy")
    picked = {"bulk": "links", "pick": [one.pk for one in people]}
    table = day.client.post("/work/accounts/", picked)
    rows = load_workbook(BytesIO(table.content)).active.iter_rows(min_row=2, values_only=True)
    links = {row[1]: row[3] for row in rows}
    assert set(links) == {"zhoumin", "zhengbin", "xuwen", "tianjun", "chenzhenhua"}
    for link in links.values():
        day.set_password(link)


def first_enterprise(day):
    day.signs_in("zhoumin")
    typed = {
        "uscc": USCC,
        "name": "天门市远航泵业有限公司",
        "area": User.objects.get(username="zhoumin").staff_profile.areas.get().pk,
        "industry": Industry.objects.first().pk,
        "enterprise_type": "company",
        "status": "active",
    }
    form = day.client.get("/work/enterprises/new/").context["form"]
    for name in ("enterprise_type", "status"):
        typed[name] = next(key for key, _words in form.fields[name].choices if key)
    day.posts("/work/enterprises/new/", typed)
    return Enterprise.objects.get()


def first_file(day, enterprise):
    day.signs_in("xuwen")
    upload = sheet(
        ["天门市2024年7月纳税情况", "", ""],
        ["单位：万元", "", ""],
        ["统一社会信用代码", "企业名称", "增值税应税销售额"],
        [enterprise.uscc, enterprise.name, 123.45],
        name="2024年7月纳税情况.xlsx",
    )
    unit = Department.objects.get(short_name="税务局").pk
    day.client.post(reverse("staff:profiles:import_create"), {"department": unit, "file": upload})
    jobs.run(str(Job.objects.get(key=IMPORT).pk))
    assert Observation.objects.get().shown == "123.45"


def first_issue(day, enterprise):
    day.signs_in("zhoumin")
    day.posts(
        "/work/issues/log/",
        {
            "subject": f"e:{enterprise.pk}",
            "category": IssueCategory.objects.get(code="utilities").pk,
            "severity": "stopped",
            "verbatim": "临时用电没通，桩机停了三天。",
            "client_uuid": str(uuid.uuid4()),
            "department": Department.objects.get(short_name="供电公司").pk,
        },
    )
    issue = Issue.objects.get()
    day.signs_in("tianjun")
    day.moves("sign")
    day.moves("answer", text="已送电", evidence=[picture("后.jpg")])
    day.signs_in("zhoumin")
    call = {"speaker": "胡立", "outcome": "solved", "words": "电通了"}
    url = reverse("staff:issues:issue_call", args=[issue.pk])
    assert day.client.post(url, call).status_code == 302
    day.moves("verify", photos=[picture("核验.jpg")])
    day.signs_in("zhengbin")
    day.moves("close")
    issue.refresh_from_db()
    assert issue.status == "closed"


def test_every_step_of_the_page_can_be_taken(day, tmp_path):
    assert not User.objects.exists()
    assert "indicators 126" in run("load_reference")
    day.set_password(run("first_admin").split()[-1].removeprefix(settings.ANSHANG_BASE_URL))
    day.signs_in("pengxy")
    for address in ADDRESSES[:4]:
        assert day.client.get(address).status_code == 200, address
    names(day)
    enterprise = first_enterprise(day)
    first_file(day, enterprise)
    first_issue(day, enterprise)
    day.signs_in("chenzhenhua")
    assert day.client.get(ADDRESSES[-1]).status_code == 200
    figures = json.loads(run("bulletin", ("2024-08", "2024-09")))["figures"]
    assert (figures["indicators"]["value"], figures["observations"]["value"]) == (126, 1)
    again = tmp_path / "2024年6月纳税情况.csv"
    head = "统一社会信用代码,企业名称,增值税应税销售额(万元)\n"
    again.write_text(head + f"{USCC},{enterprise.name},88\n", "utf-8")
    run("import_observations", ("FILE", again), ("2024-07", "2024-06"))
    assert Observation.objects.count() == 2
    run("verify_audit")


def test_every_address_of_the_page_is_one_of_ours():
    assert len(ADDRESSES) == 8
    for address in ADDRESSES:
        assert resolve(address).namespaces[0] == "staff"
