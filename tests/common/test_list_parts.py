"""Parts of list pages: cells, filters opened later, shared views, actions on many, long exports."""

import io

import openpyxl
import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from crm.common.errors import UserFacingError
from crm.common.face.lists import (
    BulkAction,
    Column,
    Listing,
    ListSpec,
    Phone,
    bulk,
    cells,
    export,
    register,
    register_family,
)
from crm.common.face.lists.spec import spec_of
from crm.common.face.models import SavedView
from crm.common.outbox import jobs
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Job, Recipient
from crm.common.people.actor import Actor, Scope
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records.models import AuditEvent, StoredFile
from crm.common.services import delete_view, save_view
from tests.common.factories import UserFactory, actor_of

pytestmark = pytest.mark.django_db
GALLERY = "staff:common:styleguide"


def _refuse_second(actor, row, values, at):
    row.email = "changed@example.org"
    row.save()
    if row.display_name == "乙":
        raise UserFacingError("乙不行。")


SPEC = register(
    ListSpec(
        key="tests.parts",
        title="People",
        template="common/styleguide.html",
        rows=lambda actor: User.objects.all(),
        default_sort="name",
        columns=(
            Column(
                "name",
                "Name & more",
                value=lambda row: row.display_name,
                cell=lambda row: cells.link("/x/", row.display_name, row.email),
                sort=("display_name",),
                optional=False,
                phone=Phone.MAIN,
            ),
            Column("mail", "Mail", value=lambda row: row.email, numeric=True, phone=Phone.NAMED),
            Column("phone", "Ph", value=lambda row: row.phone, css="as-xl", phone=Phone.HIDDEN),
        ),
        bulk=(
            BulkAction(
                "mark",
                "Mark",
                "check",
                allowed=lambda actor: actor.has(Role.AGENT),
                work=_refuse_second,
            ),
        ),
    )
)


@pytest.fixture
def person():
    return UserFactory(display_name="甲", email="a@example.org", roles=[Role.AGENT])


def _listing(person, query="", spec=SPEC):
    request = RequestFactory().get("/people/" + query)
    request.actor = actor_of(person)
    return Listing(request, spec, User.objects.all())


def test_a_column_draws_its_cell_with_its_place_on_a_phone(person):
    body = _listing(person).body
    assert '<td class="main"><a class="text-reset fw-6" href="/x/">甲</a>' in body
    assert '<td class="num" data-k="Mail">a@example.org</td>' in body
    assert '<td class="as-only-d as-xl"></td>' in body
    assert f'name="pick" value="{person.pk}"' in body


def test_what_people_wrote_is_escaped_in_every_cell(person):
    person.display_name, person.phone = "<b>x</b>", "<i>"
    person.save()
    body = _listing(person).body
    assert "<b>" not in body
    assert "<i>" not in body
    assert "&lt;b&gt;x&lt;/b&gt;" in body


def test_a_hidden_column_draws_nothing(person):
    assert "data-k" not in _listing(person, "?cols=phone").body


def test_the_boxes_stand_only_where_the_actor_may_do_something():
    reader = UserFactory(roles=[Role.AUDITOR])
    request = RequestFactory().get("/people/")
    request.actor = actor_of(reader, Role.AUDITOR)
    listing = Listing(request, SPEC, User.objects.all())
    assert listing.actions == []
    assert "checkbox" not in listing.body


def test_choices_are_loaded_when_a_filter_is_opened(client, person):
    client.force_login(person)
    page = client.get(reverse(GALLERY), {"role": Role.LEAD}).content.decode()
    assert f'<input type="hidden" name="role" value="{Role.LEAD}">' in page
    assert 'type="radio" name="role"' not in page
    opened = client.get(reverse(GALLERY), {"role": Role.LEAD, "fragment": "filters", "of": "role"})
    text = opened.content.decode()
    assert text.count('name="role"') == len(Role.choices) + 1
    assert "<html" not in text
    assert client.get(reverse(GALLERY), {"fragment": "filters", "of": "no"}).status_code == 404
    assert client.get(reverse(GALLERY), {"fragment": "bulk", "of": "no"}).status_code == 404


def test_the_fragment_stays_out_of_every_address(person):
    listing = _listing(person, "?q=x&fragment=filters&of=role")
    assert listing.url(page=2) == "/people/?q=x&page=2"
    assert "fragment" not in listing.export_url + listing.view_query
    assert dict(listing.carried) == {"q": "x"}


def _in(user, department):
    return Actor(user_id=user.pk, roles=frozenset({Role.AGENT}), scope=Scope(department))


def test_a_view_is_shared_with_the_department_and_changed_by_its_owner_only(person):
    here, there = _in(UserFactory(), 4), _in(UserFactory(), 5)
    owner = _in(person, 4)
    view = save_view(actor=owner, page="p", name="共享", query="a=1", shared=True)
    save_view(actor=owner, page="p", name="自用", query="a=2")
    assert [row.name for row in SavedView.objects.visible_to(here)] == ["共享"]
    assert not SavedView.objects.visible_to(there).exists()
    delete_view(actor=here, view_id=view.pk)
    assert SavedView.objects.filter(pk=view.pk).exists()
    save_view(actor=owner, page="p", name="共享", query="a=1")
    assert not SavedView.objects.visible_to(here).exists()


def test_without_a_department_nothing_is_shared(person):
    save_view(actor=actor_of(person), page="p", name="共享", query="", shared=True)
    assert not SavedView.objects.visible_to(actor_of(UserFactory())).exists()


def test_each_row_is_done_by_itself_and_a_refused_one_is_left_as_it_was(person):
    other = UserFactory(display_name="乙", email="b@example.org")
    listing = _listing(person)
    refusals = bulk.work_off(SPEC.bulk[0], listing.actor, list(listing.rows), {}, None)
    assert [(one.row, str(one.problem)) for one in refusals] == [(other, "乙不行。")]
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.email, other.email) == ("changed@example.org", "b@example.org")


def test_only_rows_of_the_list_can_be_picked(person):
    listing = _listing(person)
    for form in ({}, {"pick": ["0", "x"]}):
        request = RequestFactory().post("/people/", form)
        with pytest.raises(UserFacingError):
            bulk.picked(listing, request)
    request = RequestFactory().post("/people/", {"pick": [str(person.pk)]})
    assert bulk.picked(listing, request) == [person]
    assert bulk.picked(listing, RequestFactory().post("/people/", {"every": "1"})) == [person]


def test_too_many_rows_are_refused_as_a_whole(person, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_PICKED", 1)
    UserFactory()
    with pytest.raises(UserFacingError):
        bulk.picked(_listing(person), RequestFactory().post("/people/", {"every": "1"}))


def test_the_rows_picked_are_exported_and_audited(client, person):
    client.force_login(person)
    grant = person.role_grants.get()
    person.role_grants.create(role=Role.LEAD)
    answer = client.post(reverse(GALLERY), {"bulk": "export", "pick": [grant.pk]})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 2
    assert AuditEvent.objects.get(verb="list.exported").after["rows"] == 1


def test_an_action_nobody_offered_changes_nothing_and_says_so(client, person):
    client.force_login(person)
    answer = client.post(reverse(GALLERY), {"bulk": "delete", "every": "1"}, follow=True)
    assert answer.redirect_chain
    assert person.role_grants.count() == 1


@pytest.fixture
def long_export(client, person, monkeypatch):
    monkeypatch.setattr(export, "EXPORT_AT_ONCE", 1)
    monkeypatch.setattr(export, "CHUNK", 1)
    UserFactory.create_batch(2)
    answer = export.export(_listing(person, "?format=xlsx&cols=mail"))
    return Job.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[-1])


def test_a_long_export_is_a_job_whose_file_is_its_starters_alone(client, person, long_export):
    assert long_export.state == WorkState.WAITING
    jobs.run(str(long_export.pk))
    long_export.refresh_from_db()
    assert (long_export.state, long_export.result["rows"]) == (WorkState.DONE, 3)
    client.force_login(person)
    answer = client.get(long_export.result_url)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.active.values)
    assert (len(rows), len(rows[0])) == (4, 2)
    assert Recipient.objects.filter(user=person).count() == 1
    for role in (Role.ADMIN, Role.LEADER):
        client.force_login(UserFactory(roles=[role]))
        assert client.get(long_export.result_url).status_code == 404


def test_a_long_export_that_is_stopped_leaves_no_file(person, long_export):
    jobs.cancel_job(actor=actor_of(person), job=long_export, at=long_export.created_at)
    jobs.run(str(long_export.pk))
    assert not StoredFile.objects.exists()
    assert not AuditEvent.objects.filter(verb="list.exported").exists()


def test_a_list_is_known_by_its_key_and_a_family_by_what_follows(kept_registries):
    register_family("tests.family", lambda rest: rest)
    assert spec_of("tests.parts") is SPEC
    assert spec_of("tests.family:2024-08:x") == "2024-08:x"
    for key in ("tests.none", "tests.none:1"):
        with pytest.raises(KeyError):
            spec_of(key)


def test_a_list_in_a_job_reads_the_address_as_the_page_does(person):
    asked = export.Asked(QueryDict("sort=-name&size=50"), "/people/", actor_of(person))
    listing = Listing(asked, SPEC, User.objects.all())
    assert (listing.sort, listing.size) == ("-name", 50)
