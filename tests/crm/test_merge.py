"""Two records of one enterprise: together, and apart again."""

import pytest
from django.apps import apps
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm import services
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.enums import RegistrationStatus
from crm.models import Contact, Enterprise, FormerName, Membership
from crm.selectors import keys_to_enterprises, rows_pointing_at
from tests.crm.factories import (
    AT,
    AreaFactory,
    ContactFactory,
    EnterpriseFactory,
    acting,
    member_of,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def lead(area):
    return acting(staff(Role.LEAD, areas=[area]))


@pytest.fixture
def pair(area):
    return EnterpriseFactory(area=area), EnterpriseFactory(area=area, name="天门市重名制衣厂")


def _merge(lead, kept, gone, reason="同一营业执照"):
    return services.merge_enterprises(
        actor=lead, enterprise=kept, duplicate=gone, reason=reason, at=AT
    )


def _state():
    """Return where every row of every room points, and what the records say of themselves."""
    keys = {
        (label, key): sorted(map(str, apps.get_model(label)._base_manager.values_list("pk", key)))
        for label, key in keys_to_enterprises()
    }
    rows = Enterprise.objects.order_by("pk").values_list(
        "pk", "status", "search_text", "pinyin", "initials", "name", "uscc"
    )
    return keys, list(rows), sorted(Contact.objects.values_list("pk", "is_primary"))


def test_every_key_of_every_room_is_known():
    known = keys_to_enterprises()
    for label in ("crm.contact", "crm.visit", "projects.project", "issues.issue"):
        assert (label, "enterprise") in known


def test_rows_move_and_the_duplicate_is_hidden_but_still_finds(lead, pair):
    kept, gone = pair
    ContactFactory(enterprise=gone)
    member = member_of(gone)
    _merge(lead, kept, gone)
    assert Contact.objects.get().enterprise == kept
    assert list(Enterprise.objects.visible_to(lead)) == [kept]
    for query in ("重名", gone.uscc):
        assert list(Enterprise.objects.visible_to(lead).matching(query)) == [kept]
    assert list(Enterprise.objects.visible_to(acting(member))) == [kept]


def test_a_row_that_may_exist_once_stays_with_the_duplicate(lead, pair):
    kept, gone = pair
    user = member_of(kept)
    twice = Membership.objects.create(enterprise=gone, user=user, role="clerk", since=AT.date())
    other = member_of(gone)
    merge = _merge(lead, kept, gone)
    twice.refresh_from_db()
    assert twice.enterprise == gone
    assert other.memberships.get().enterprise == kept
    assert twice.pk not in merge.moved["crm.membership.enterprise"]


def test_strangers_and_agents_do_not_merge(area, pair):
    kept, gone = pair
    for actor in (
        acting(staff(Role.LEAD, areas=[AreaFactory()])),
        acting(staff(Role.AGENT, areas=[area])),
    ):
        with pytest.raises(NotAllowedError):
            _merge(actor, kept, gone)
    assert not Enterprise.objects.filter(status=RegistrationStatus.MERGED).exists()


def test_a_merge_needs_two_records_and_a_reason(lead, pair):
    kept, gone = pair
    for one, two, reason in ((kept, kept, "x"), (kept, gone, " ")):
        with pytest.raises(UserFacingError):
            _merge(lead, one, two, reason)
    _merge(lead, kept, gone)
    with pytest.raises(UserFacingError, match="重名"):
        _merge(lead, kept, gone)


def test_merges_are_undone_in_the_order_they_were_built(lead, pair, area):
    kept, gone = pair
    first = _merge(lead, kept, gone)
    second = _merge(lead, EnterpriseFactory(area=area), kept)
    with pytest.raises(UserFacingError):
        services.undo_merge(actor=lead, merge=first, at=AT)
    services.undo_merge(actor=lead, merge=second, at=AT)
    services.undo_merge(actor=lead, merge=first, at=AT)
    with pytest.raises(UserFacingError):
        services.undo_merge(actor=lead, merge=first, at=AT)


def test_what_came_after_the_merge_stays(lead, pair):
    kept, gone = pair
    before = ContactFactory(enterprise=gone)
    merge = _merge(lead, kept, gone)
    after = ContactFactory(enterprise=kept)
    services.undo_merge(actor=lead, merge=merge, at=AT)
    assert Contact.objects.get(pk=before.pk).enterprise == gone
    assert Contact.objects.get(pk=after.pk).enterprise == kept


class RoundTrip(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(
        contacts=st.lists(st.tuples(st.booleans(), st.booleans()), max_size=4),
        names=st.lists(st.tuples(st.booleans(), st.sampled_from("甲乙丙")), max_size=4),
        same_name=st.booleans(),
    )
    def test_merging_and_undoing_changes_nothing(self, contacts, names, same_name):
        area = AreaFactory()
        lead = acting(staff(Role.LEAD, areas=[area]))
        pair = [EnterpriseFactory(area=area), EnterpriseFactory(area=area)]
        if same_name:
            Enterprise.objects.filter(pk=pair[1].pk).update(name=pair[0].name)
        first = set()
        for second, primary in contacts:
            ContactFactory(enterprise=pair[second], is_primary=primary and second not in first)
            first |= {second} if primary else set()
        for second, name in names:
            FormerName.objects.get_or_create(enterprise=pair[second], name=name)
        # Search columns as the services keep them, so that only the merge could change them.
        services.undo_merge(actor=lead, merge=_merge(lead, *pair), at=AT)
        before = _state()
        services.undo_merge(actor=lead, merge=_merge(lead, *pair), at=AT)
        assert _state() == before


def test_the_preview_counts_what_would_move(pair):
    _kept, gone = pair
    assert rows_pointing_at(gone) == []
    ContactFactory(enterprise=gone)
    ContactFactory(enterprise=gone)
    assert [number for _kind, number in rows_pointing_at(gone)] == [2]
