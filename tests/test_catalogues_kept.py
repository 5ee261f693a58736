"""Catalogues with dated versions: one screen, each room its own; the past stays as it was."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.records.dated import VersionRefused, end_entry, revise
from crm.common.records.models import AuditEvent
from crm.common.slots.catalogues import catalogues
from issues.models import LimitProfile, LimitVersion
from issues.selectors.limits import version_on
from profiles.models import Indicator
from projects.models import ApprovalMatter, FeeItem, MatterVersion
from projects.services import revise_fee, revise_matter
from tests.crm.factories import AT, acting, staff

pytestmark = pytest.mark.django_db
TODAY, COMING = AT.date(), date(2024, 10, 1)
KEYS = ("indicators", "matters", "fees", "limits")


@pytest.fixture(autouse=True)
def _a_city(settings):
    settings.ANSHANG_TODAY = TODAY
    call_command("load_reference", verbosity=0)


@pytest.fixture
def admin(client):
    user = staff(Role.ADMIN)
    client.force_login(user)
    return user


def entry_of(key):
    catalogue = next(one for one in catalogues() if one.key == key)
    return catalogue, catalogue.in_force(TODAY).first()


def form_of(client, url):
    page = client.get(url)
    fields = {**page.context["form"].initial}
    for name, field in page.context["form"].fields.items():
        fields.setdefault(name, field.initial)
    return {k: getattr(v, "pk", v) for k, v in fields.items() if v not in (None, [])}


def test_every_room_keeps_its_own(client, admin):
    assert {one.key for one in catalogues()} == set(KEYS)
    for key in KEYS:
        page = client.get(reverse("staff:common:catalogue_one", args=[key])).content.decode()
        _catalogue, version = entry_of(key)
        assert str(version) in page


@pytest.mark.parametrize("key", KEYS)
def test_a_new_version_begins_on_its_day_and_the_one_before_stays_until_then(client, admin, key):
    catalogue, version = entry_of(key)
    entry = getattr(version, catalogue.of)
    url = reverse("staff:common:catalogue_entry", args=[key, entry.pk])
    typed = form_of(client, url)
    changed = "source" if key == "limits" else "name"
    typed[changed] = "新的说法"
    for wrong in (TODAY.isoformat(), "", "2020-01-01"):
        assert client.post(url, typed | {"effective_from": wrong}).status_code == 200
    assert entry.versions.count() == 1
    answer = client.post(url, typed | {"effective_from": COMING.isoformat()})
    assert answer.status_code == 302
    old, new = entry.versions.order_by("effective_from")
    assert (old.effective_to, new.effective_from) == (date(2024, 9, 30), COMING)
    assert getattr(new, changed) == "新的说法"
    assert getattr(old, changed) != "新的说法"
    assert "新的说法" in client.get(url).content.decode()
    list_url = reverse("staff:common:catalogue_one", args=[key])
    if key != "limits":
        assert "新的说法" not in client.get(list_url).content.decode()
        coming = client.get(list_url, {"day": COMING.isoformat(), "q": "新的说法"})
        assert "新的说法" in coming.content.decode()


@pytest.mark.parametrize("key", KEYS)
def test_an_entry_ends_today_or_later_and_only_once_it_is_the_last(client, admin, key):
    catalogue, version = entry_of(key)
    entry = getattr(version, catalogue.of)
    url = reverse("staff:common:catalogue_end", args=[key, entry.pk])
    for wrong in ("", "2024-01-01"):
        client.post(url, {"last_day": wrong})
        assert entry.versions.get().effective_to is None
    client.post(url, {"last_day": "2024-12-31"})
    assert entry.versions.get().effective_to == date(2024, 12, 31)
    assert catalogue.in_force(TODAY).filter(**{catalogue.of: entry}).exists()
    assert not catalogue.in_force(date(2025, 1, 1)).filter(**{catalogue.of: entry}).exists()
    assert AuditEvent.objects.filter(verb__endswith=".end").count() == 1


def test_limits_of_a_coming_day_hold_from_then_and_single_categories_keep_theirs(client, admin):
    profile = LimitProfile.objects.get()
    url = reverse("staff:common:catalogue_entry", args=["limits", profile.pk])
    typed = form_of(client, url) | {"source": "天政发〔2024〕9号", "effective_from": "2024-10-01"}
    name = next(key for key in typed if key.endswith("solve_days"))
    before = version_on(TODAY).rules.count()
    shown = client.post(url, typed | {name: 0}).content.decode()
    assert "先联系，再答复，后解决" in shown
    client.post(url, typed | {name: 30})
    severity = name.removesuffix("_solve_days")
    assert version_on(COMING).rules.get(severity=severity).solve_days == 30
    assert version_on(TODAY).rules.get(severity=severity).solve_days != 30
    assert version_on(COMING).rules.count() == before


def test_a_matter_keeps_what_must_come_before_it_and_promises_no_more_than_the_law(admin):
    matter = ApprovalMatter.objects.filter(versions__predecessors__isnull=False).first()
    wanted = {"name": "新名", "statutory_days": 5, "promised_days": 9}
    with pytest.raises(UserFacingError):
        revise_matter(
            actor=acting(admin), entry=matter, effective_from=COMING, values=wanted, at=AT
        )
    made = revise_matter(
        actor=acting(admin), entry=matter, effective_from=COMING, values={"name": "新名"}, at=AT
    )
    old = MatterVersion.objects.in_force(TODAY).get(matter=matter)
    assert set(made.predecessors.all()) == set(old.predecessors.all()) != set()


def test_no_version_is_slipped_under_another(admin):
    item = FeeItem.objects.first()
    actor = acting(admin)
    revise_fee(actor=actor, entry=item, effective_from=COMING, values={"name": "新"}, at=AT)
    with pytest.raises(VersionRefused):
        revise_fee(actor=actor, entry=item, effective_from=COMING, values={"name": "旧"}, at=AT)
    model = type(item.versions.first())
    with pytest.raises(VersionRefused):
        end_entry(model, actor=actor, of="item", entry=item, last_day=TODAY, at=AT)
    with pytest.raises(VersionRefused):
        revise(
            LimitVersion,
            actor=actor,
            of="profile",
            entry=LimitProfile.objects.create(code="empty", name="空"),
            effective_from=COMING,
            values={},
            at=AT,
        )


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.POLICY_EDITOR])
def test_nobody_else_keeps_catalogues(client, role):
    stranger = staff(role)
    client.force_login(stranger)
    indicator = Indicator.objects.first()
    for name, *args in (
        ("catalogue_list",),
        ("catalogue_one", "indicators"),
        ("catalogue_entry", "indicators", indicator.pk),
    ):
        assert client.get(reverse(f"staff:common:{name}", args=args)).status_code == 403
    for catalogue in catalogues():
        _catalogue, version = entry_of(catalogue.key)
        with pytest.raises(NotAllowedError):
            catalogue.revise(
                acting(stranger), getattr(version, catalogue.of), COMING, _values(version), AT
            )


def _values(version):
    if isinstance(version, LimitVersion):
        return {"source": "x"}
    return {"name": "x"}


def test_a_catalogue_or_entry_that_is_none_is_a_404(client, admin):
    for args in (["nothing"], ["indicators", 999_999]):
        name = "catalogue_one" if len(args) == 1 else "catalogue_entry"
        assert client.get(reverse(f"staff:common:{name}", args=args)).status_code == 404
