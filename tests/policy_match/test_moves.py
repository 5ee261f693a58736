"""The life of a version: handed in, signed by another, superseded or taken out of force."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from crm.common.errors import NotAllowedError
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records.transitions import MoveRefused, StaleMove, history
from policy_match.models import ClauseVersion
from policy_match.selectors import in_force
from policy_match.services import move_version, publish_version, withdraw_version
from policy_match.states import VERSION_MACHINE
from tests.crm.factories import AT, acting, staff
from tests.migrations import check_now, refuse_overlaps
from tests.policy_match.cast import DAY, Cast

pytestmark = pytest.mark.django_db
HAS_ROW_LOCKS = "postgresql" in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture
def cast():
    return Cast()


def _page(client, version, user):
    client.force_login(user)
    url = reverse("staff:policy_match:clause_detail", args=[version.clause_id])
    return client.get(url).content.decode()


def _post(client, row, move, **data):
    url = reverse("staff:policy_match:version_move", args=[row.pk, move])
    return client.post(url, data, follow=True)


def test_a_version_is_logged_from_its_draft_on(cast):
    first = cast.published()
    later = AT + timedelta(days=30)
    cast.published(at=later)
    moves = [(row.move, row.from_state, row.to_state) for row in history(first).order_by("pk")]
    assert moves == [
        ("begin", "", "draft"),
        ("submit", "draft", "submitted"),
        ("publish", "submitted", "published"),
        ("supersede", "published", "superseded"),
    ]
    then = VERSION_MACHINE.on(ClauseVersion.objects.filter(pk=first.pk), later).get()
    assert then.state_then == "published"


def test_a_draft_is_not_published_before_it_is_handed_in(cast):
    with pytest.raises(MoveRefused):
        publish_version(actor=cast.leader, clause_version=cast.draft(), at=AT)


def test_a_refused_publication_leaves_the_version_in_force(cast):
    first = cast.published()
    with pytest.raises(NotAllowedError):
        publish_version(actor=cast.editor, clause_version=cast.submitted(), at=AT)
    assert list(in_force(DAY)) == [first]
    assert history(first).count() == 3


def test_a_draft_is_sent_back_or_discarded_with_a_reason(cast):
    version = cast.submitted()
    with pytest.raises(MoveRefused, match=r"reason|理由"):
        move_version(actor=cast.leader, clause_version=version, move="send_back", at=AT)
    move_version(
        actor=cast.leader, clause_version=version, move="send_back", at=AT, reason="缺上限"
    )
    assert version.status == "draft"
    move_version(actor=cast.editor, clause_version=version, move="discard", at=AT, reason="重写")
    assert (version.status, version.effective_from) == ("withdrawn", None)


def test_a_version_taken_out_of_force_stays_in_force_on_the_days_before(cast):
    version, later = cast.published(), AT + timedelta(days=30)
    withdraw_version(actor=cast.leader, clause_version=version, reason="政策停止", at=later)
    assert list(in_force(later.date() - timedelta(days=1))) == [version]
    assert not in_force(later.date()).exists()
    assert list(in_force(later.date())) == []


def test_versions_of_a_clause_never_overlap(cast):
    first = cast.published()
    cast.published(at=AT + timedelta(days=30))
    cast.draft()
    refuse_overlaps("policy_match")
    ClauseVersion.objects.filter(pk=first.pk).update(effective_to=DAY - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ClauseVersion.objects.filter(pk=first.pk).update(effective_to=DAY + timedelta(days=40))
        check_now()


def test_the_page_offers_what_may_be_done_and_by_whom(cast, client):
    version = cast.submitted()
    leader = User.objects.get(pk=cast.leader.user_id)
    publish = reverse("staff:policy_match:version_move", args=[version.pk, "publish"])
    assert publish in _page(client, version, leader)
    assert publish not in _page(client, version, User.objects.get(pk=cast.editor.user_id))
    assert publish not in _page(client, version, staff(Role.AGENT))
    client.force_login(leader)
    assert _post(client, version, "publish", version=version.version).status_code == 200
    version.refresh_from_db()
    assert (version.status, version.reviewer) == ("published", leader)
    assert _post(client, version, "withdraw", version=version.version).status_code == 422
    assert _post(client, version, "supersede", version=version.version).status_code == 404
    given = {"version": version.version, "reason": "停止执行"}
    assert _post(client, version, "withdraw", **given).status_code == 200
    said = _page(client, version, leader)
    assert re.search("No version is in force today|今日没有生效的版本", said)


def test_the_page_shows_the_version_of_the_day_whatever_its_state(cast, client, settings):
    first = cast.published()
    cast.published(at=AT + timedelta(days=30))
    leader = User.objects.get(pk=cast.leader.user_id)
    settings.ANSHANG_TODAY = DAY + timedelta(days=29)
    assert re.search(r"Version 1,|第 1 版，自", _page(client, first, leader))
    settings.ANSHANG_TODAY = DAY + timedelta(days=30)
    assert re.search(r"Version 2,|第 2 版，自", _page(client, first, leader))


def test_whoever_comes_second_with_an_old_page_is_told_who_was_first(cast, client):
    version = cast.submitted()
    opened = version.version
    publish_version(actor=cast.leader, clause_version=version, at=AT, version=opened)
    other = staff(Role.LEADER)
    with pytest.raises(StaleMove, match=cast.leader.name):
        publish_version(actor=acting(other), clause_version=version, at=AT, version=opened)
    client.force_login(other)
    answered = _post(client, version, "publish", version=opened)
    assert answered.status_code == 409
    assert cast.leader.name in answered.content.decode()
    assert history(version).filter(move="publish").count() == 1


@pytest.mark.services
@pytest.mark.skipif(not HAS_ROW_LOCKS, reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(cast):
    before, version = cast.published(), cast.submitted()
    signers = [cast.leader, acting(staff(Role.LEADER))]

    def publish(actor):
        try:
            own = ClauseVersion.objects.select_related("clause").get(pk=version.pk)
            publish_version(actor=actor, clause_version=own, at=AT, version=version.version)
        except StaleMove as told:
            return str(told)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        won, told = sorted(pool.map(publish, signers))
    assert won == ""
    version.refresh_from_db()
    assert version.reviewer.display_name in told
    before.refresh_from_db()
    assert (before.status, version.status) == ("superseded", "published")


@pytest.mark.services
@pytest.mark.skipif(not HAS_ROW_LOCKS, reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_versions_published_at_once_follow_one_another(cast):
    versions = [cast.submitted(), cast.submitted()]

    def publish(version):
        try:
            publish_version(actor=cast.leader, clause_version=version, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish, versions))
    states = sorted(ClauseVersion.objects.values_list("status", flat=True))
    assert states == ["published", "superseded"]
