"""Signs of life: a word, numbers for who may watch, backups and the year's notice on the page."""

import os
from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.common.days.clock import machine_now
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.records import backups, chain
from tests.common.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "staff:common:condition"


def stand_still():
    now = machine_now()
    Job.objects.create(key="x", created_at=now, due_at=now - timedelta(seconds=400))


def dump(folder, name, hours_ago, text="x"):
    path = folder / name
    path.write_text(text)
    made = machine_now().timestamp() - hours_ago * 3600
    os.utime(path, (made, made))


def test_a_load_balancer_hears_when_queues_stand_still(client):
    assert client.get(reverse("healthz")).content == b"ok"
    stand_still()
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.content.split(b"\n")[0]) == (200, b"ok")
    assert b"stuck for 400 s" in answer.content


def test_numbers_are_closed_unless_network_or_token_fits(client, settings):
    url = reverse("metrics")
    assert client.get(url).status_code == 404
    settings.ANSHANG_METRICS_TOKEN = "seven-words-long"
    wrong = {"authorization": "Bearer seven-words"}
    assert client.get(url, headers=wrong).status_code == 404
    assert client.get(url, headers={"authorization": "Bearer "}).status_code == 404
    right = {"authorization": "Bearer seven-words-long"}
    assert client.get(url, headers=right).status_code == 200
    settings.ANSHANG_METRICS_TOKEN = ""
    settings.ANSHANG_METRICS_NETWORKS = ["10.1.0.0/16"]
    assert client.get(url, REMOTE_ADDR="10.2.0.9").status_code == 404
    assert client.get(url, REMOTE_ADDR="10.1.0.9").status_code == 200
    client.force_login(UserFactory(roles=[Role.LEADER]))
    assert client.get(url, REMOTE_ADDR="10.2.0.9").status_code == 404


def test_the_numbers_are_those_of_the_page(client, settings, tmp_path):
    settings.ANSHANG_METRICS_NETWORKS = ["127.0.0.1"]
    settings.ANSHANG_BACKUPS = str(tmp_path)
    bare = client.get(reverse("metrics")).content.decode()
    assert not any(line.startswith("anshang_backup_age") for line in bare.splitlines())
    stand_still()
    chain.seal_all()
    dump(tmp_path, "city.dump", 2)
    lines = client.get(reverse("metrics")).content.decode().splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert told["anshang_queue_waiting"] == "1"
    assert 400 <= int(told["anshang_queue_oldest_seconds"]) < 500
    assert 7200 <= int(told["anshang_backup_age_seconds"]) < 7300
    assert told['anshang_dead_letters{kind="jobs"}'] == "0"


def test_the_newest_backup_is_named_and_a_missed_night_or_none_is_told(client, settings, tmp_path):
    client.force_login(UserFactory(roles=[Role.ADMIN]))
    page = lambda: client.get(reverse(PAGE)).content.decode()  # noqa: E731
    settings.ANSHANG_BACKUPS = ""
    assert "没有指定备份文件夹" in page()
    settings.ANSHANG_BACKUPS = str(tmp_path)
    assert "备份文件夹是空的" in page()
    dump(tmp_path, "empty.dump", 1, text="")
    dump(tmp_path, "old.dump", 50)
    (tmp_path / "folder").mkdir()
    assert "old.dump" in page()
    assert "漏了一晚" in page()
    dump(tmp_path, "new.dump", 3)
    assert "new.dump" in page()
    assert "漏了一晚" not in page()
    assert backups.newest().size == 1


def test_queues_that_stand_still_and_a_year_without_its_notice_are_told_on_top(client, settings):
    client.force_login(UserFactory(roles=[Role.ADMIN]))
    settings.ANSHANG_TODAY = date(2024, 9, 12)
    page = client.get(reverse(PAGE)).content.decode()
    assert "任务停住了" not in page
    assert "暂算" not in page
    stand_still()
    settings.ANSHANG_TODAY = date(2031, 12, 1)
    page = client.get(reverse(PAGE)).content.decode()
    assert "任务停住了" in page
    assert "2031 年的时限是暂算的" in page
    assert "2032 年的时限是暂算的" in page
