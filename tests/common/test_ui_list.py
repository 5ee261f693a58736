"""List pages: everything is in the URL, and nothing in the URL can break the page."""

import io

import openpyxl
import pytest
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from crm.common.face.lists import Column, Listing, ListSpec, Preset
from crm.common.face.models import SavedView
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records.models import AuditEvent
from tests.common.factories import UserFactory, actor_of

pytestmark = pytest.mark.django_db

SPEC = ListSpec(
    key="tests.people",
    title="People",
    template="common/styleguide.html",
    default_sort="name",
    columns=(
        Column(
            "name",
            "Name",
            value=lambda row: row.display_name,
            sort=("display_name",),
            optional=False,
        ),
        Column("mail", "Mail", value=lambda row: row.email, sort=("email",)),
        Column("phone", "Phone", value=lambda row: row.phone, shown=False),
    ),
    presets=lambda actor: [Preset("All", "", 3), Preset("By mail", "sort=mail")],
)


@pytest.fixture
def person():
    """Somebody with a list before them."""
    return UserFactory(display_name="阿", roles=[Role.AGENT])


def _listing(person, query="", rows=None):
    request = RequestFactory().get("/people/" + query)
    request.actor = actor_of(person)
    return Listing(request, SPEC, User.objects.all() if rows is None else rows)


def test_the_order_is_turned_by_the_head_and_told_to_screen_readers(person):
    UserFactory(display_name="乙")
    listing = _listing(person, "?sort=-name")
    assert [row.display_name for row in listing.rows] == ["阿", "乙"]
    head = listing.head[0]
    assert head.aria_sort == "descending"
    assert head.sort_url == "/people/?sort=name"


def test_an_unknown_order_falls_back_to_the_usual_one(person):
    assert _listing(person, "?sort=password").sort == "name"


def test_a_page_beyond_the_end_shows_the_last_one(person):
    UserFactory.create_batch(24)
    listing = _listing(person, "?page=99")
    assert listing.page.number == 2
    assert listing.next_url == ""
    assert listing.previous_url == "/people/?page=1"


def test_only_the_offered_sizes_are_taken(person):
    assert _listing(person, "?size=50").size == 50
    assert _listing(person, "?size=100000").size == 20


def test_a_column_that_identifies_the_row_cannot_be_hidden(person):
    listing = _listing(person, "?cols=phone")
    assert listing.shows == {"name": True, "mail": False, "phone": True}
    assert _listing(person).shows == {"name": True, "mail": True, "phone": False}


def test_changing_the_order_goes_back_to_page_one_and_keeps_the_rest(person):
    listing = _listing(person, "?page=3&size=50")
    assert listing.url(sort="mail", page=None) == "/people/?size=50&sort=mail"


def test_a_view_is_current_whatever_page_of_it_is_open(person):
    views = _listing(person, "?sort=mail&page=1").views
    assert [view.current for view in views] == [False, True]


def test_saved_views_are_ones_own(person):
    other = UserFactory()
    for owner, name in [(person, "我的"), (other, "别人的")]:
        SavedView.objects.create(user=owner, page=SPEC.key, name=name, query="sort=-mail")
    labels = [str(view.label) for view in _listing(person).views]
    assert "我的" in labels
    assert "别人的" not in labels


def test_an_empty_list_has_one_page_and_no_neighbours(person):
    listing = _listing(person, rows=User.objects.none())
    assert (listing.total, listing.previous_url, listing.next_url) == (0, "", "")


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(
    st.dictionaries(
        st.sampled_from(["page", "size", "sort", "cols", "q", "format", "x"]), st.text(max_size=12)
    )
)
def test_no_address_breaks_a_list(person, parameters):
    request = RequestFactory().get("/people/", parameters)
    request.actor = actor_of(person)
    listing = Listing(request, SPEC, User.objects.all())
    assert list(listing.rows)
    assert all([listing.head, listing.page_links, listing.export_url, listing.views])
    assert "name" in {column.key for column in listing.columns}


def test_the_export_holds_all_filtered_rows_and_is_audited_without_what_was_sought(client, person):
    for role in (Role.LEAD, Role.AUDITOR):
        person.role_grants.create(role=role)
    client.force_login(person)
    answer = client.get(
        reverse("staff:common:styleguide"), {"format": "xlsx", "q": "a", "cols": "person"}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    assert len(rows) == 1 + person.role_grants.filter(role__icontains="a").count()
    assert len(rows[0]) == 2
    event = AuditEvent.objects.get(verb="list.exported")
    assert event.after == {"list": "common.styleguide", "rows": len(rows) - 1, "filters": "q"}


def test_filters_in_force_are_named_and_can_be_taken_away(client, person):
    client.force_login(person)
    page = client.get(reverse("staff:common:styleguide"), {"role": Role.AGENT}).content.decode()
    assert str(Role.AGENT.label) in page
    assert f'href="{reverse("staff:common:styleguide")}"' in page


def test_a_list_that_nothing_passes_says_so_and_offers_the_way_back(client, person):
    client.force_login(person)
    page = client.get(reverse("staff:common:styleguide"), {"q": "zzz"}).content.decode()
    assert 'class="empty' in page
