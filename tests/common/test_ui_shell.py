"""The frame around every page: navigation, sign-in, errors, languages, forms."""

import re
from datetime import date

import pytest
from allauth.core.internal.ratelimit import handler429
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from crm.common.errors import UserFacingError
from crm.common.face.context import Shell
from crm.common.people.actor import ANONYMOUS, Actor
from crm.common.people.enums import Role
from crm.common.slots import navigation
from crm.common.slots.navigation import NavItem
from crm.common.slots.panels import Panel
from crm.common.slots.panels import register as register_panel
from tests.common.factories import UserFactory, actor_of, message_to

AGENT = Actor(user_id=1, name="周敏", roles=frozenset({Role.AGENT}))
FIRM = Actor(user_id=2, name="晟曜光电", roles=frozenset({Role.ENTERPRISE}))


@pytest.fixture
def entries(kept_registries):
    """An empty navigation, to be filled by a test."""
    navigation._items.clear()
    return navigation


def _item(key, **extra):
    return NavItem(key=key, label=key, icon="home", url_name="inbox_list", **extra)


# --- navigation -----------------------------------------------------------------
def test_an_entry_without_a_screen_is_not_shown(entries):
    entries.register(_item("here"))
    entries.register(NavItem(key="later", label="later", icon="home", url_name="no_such_screen"))
    assert [link.item.key for link in entries.links_for(AGENT, "")] == ["here"]


def test_an_entry_is_shown_to_its_roles_only(entries):
    entries.register(_item("all_staff"))
    entries.register(_item("finance", roles=frozenset({Role.FINANCE})))
    entries.register(_item("portal", section="portal"))
    entries.register(_item("public", section="public"))
    seen = {
        actor.name: {link.item.key for link in entries.links_for(actor, "")}
        for actor in (AGENT, FIRM, ANONYMOUS)
    }
    assert seen == {
        "周敏": {"all_staff", "public"},
        "晟曜光电": {"portal", "public"},
        "": {"public"},
    }


def test_the_current_entry_is_found_by_the_name_of_the_view(entries):
    entries.register(_item("projects", match=("staff:projects:",)))
    assert entries.links_for(AGENT, "staff:projects:project_detail")[0].current
    assert not entries.links_for(AGENT, "staff:issues:issue_detail")[0].current


def test_the_bottom_bar_keeps_its_places_and_badges_count(entries):
    entries.register(_item("me", tab=5))
    entries.register(_item("today", tab=1, badge=lambda actor: 5))
    entries.register(_item("not_a_tab"))
    tabs = entries.tabs_of(entries.links_for(AGENT, ""))
    assert [(link.item.key, link.count) for link in tabs] == [("today", 5), ("me", 0)]


def test_a_section_without_entries_has_no_heading(entries):
    entries.register(_item("one", section="oversight"))
    sections = entries.sections_of(entries.links_for(AGENT, ""))
    assert [section.key for section in sections] == ["oversight"]


# --- the shell ------------------------------------------------------------------
@pytest.mark.django_db
def test_the_bell_counts_ones_own_unread_messages():
    person, other = UserFactory(roles=[Role.AGENT]), UserFactory()
    for recipient in (person, person, other):
        message_to(recipient)
    request = RequestFactory().get("/")
    request.actor = actor_of(person)
    assert Shell(request).unread == 2


def test_the_demo_date_is_shown_only_when_the_date_is_held(settings):
    shell = Shell(RequestFactory().get("/"))
    settings.ANSHANG_TODAY = None
    assert shell.fixed_today is None
    settings.ANSHANG_TODAY = date(2024, 9, 12)
    assert Shell(RequestFactory().get("/")).fixed_today == date(2024, 9, 12)


def test_going_back_never_leaves_the_site():
    inside = RequestFactory().get("/", headers={"referer": "http://testserver/work/"})
    outside = RequestFactory().get("/", headers={"referer": "https://elsewhere.test/"})
    assert Shell(inside).back == "http://testserver/work/"
    assert Shell(outside).back == Shell(outside).home


@pytest.mark.django_db
def test_the_page_tells_its_language_and_the_menu_switches_it(client):
    client.force_login(UserFactory(roles=[Role.AGENT]))
    assert 'lang="zh-Hans"' in client.get(reverse("inbox_list")).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": reverse("inbox_list")})
    page = client.get(reverse("inbox_list")).content.decode()
    assert 'lang="en"' in page
    assert "Messages" in page


@pytest.mark.django_db
def test_single_letter_keys_can_be_turned_off(client):
    person = UserFactory(roles=[Role.AGENT])
    client.force_login(person)
    assert 'data-as-shortcuts="on"' in client.get(reverse("inbox_list")).content.decode()
    client.post(reverse("preferences_edit"), {})
    assert 'data-as-shortcuts="off"' in client.get(reverse("inbox_list")).content.decode()


@pytest.mark.django_db
def test_the_theme_is_set_before_the_first_paint(client):
    page = client.get(reverse("account_login")).content.decode()
    head = page.split("</head>")[0]
    assert re.search(r'<script src="[^"]*anshang-theme[^"]*\.js"></script>', head)


@pytest.mark.django_db
def test_the_sign_in_page_needs_nobody_and_shows_what_went_wrong(client):
    answer = client.post(reverse("account_login"), {"login": "nobody", "password": "wrong-pass"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert "wrong-pass" not in page


def test_too_many_attempts_are_answered_with_the_way_on(rf):
    request = rf.get("/")
    request.actor, request.user = ANONYMOUS, AnonymousUser()
    answer = handler429(request)
    page = answer.content.decode()
    assert answer.status_code == 429
    assert reverse("account_reset_password") in page
    assert "data-as-message" in page


# --- errors ---------------------------------------------------------------------
@pytest.mark.django_db
def test_a_missing_page_keeps_the_frame_and_says_what_to_do(client):
    client.force_login(UserFactory(roles=[Role.AGENT]))
    answer = client.get("/work/no-such-page/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "data-as-message" in page
    assert 'id="as-side"' in page


def test_the_page_of_a_broken_server_needs_no_context_and_shows_no_stack():
    for name in ("500.html", "403_csrf.html"):
        page = Template("{% include name %}").render(Context({"name": name}))
        assert "data-as-message" in page
        assert "Traceback" not in page


@pytest.mark.django_db
def test_a_refusal_is_shown_word_for_word(client, monkeypatch):
    client.force_login(UserFactory(roles=[Role.AGENT]))

    def refuse(*args, **kwargs):
        raise UserFacingError("第 3 行缺统一社会信用代码。")

    monkeypatch.setattr("crm.common.services.mark_read", refuse)
    answer = client.post(reverse("inbox_read"))
    assert answer.status_code == 400
    assert "第 3 行缺统一社会信用代码。" in answer.content.decode()


# --- forms, panels --------------------------------------------------------------
class _Form(forms.Form):
    name = forms.CharField(label="名称", help_text="和营业执照一致。")
    kind = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="同意", required=False)


def test_a_field_carries_label_hint_and_error_for_screen_readers():
    form = _Form({})
    html = str(form["name"].as_field_group())
    assert '<label class="form-label required" for="id_name">' in html
    assert 'class="form-control is-invalid"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html


def test_a_group_of_choices_has_a_legend_and_a_label_for_each():
    html = str(_Form()["kind"].as_field_group())
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count("<label") == 2
    assert html.count('class="form-check-input"') == 2


def test_what_a_person_entered_is_never_markup():
    html = str(_Form({"name": "<script>x</script>"})["name"].as_field_group())
    assert "<script>" not in html
    toast = get_template("cotton/toast.html").render({"kind": "info", "text": "<b>", "undo": ""})
    assert "<b>" not in toast


def test_a_panel_that_stays_away_leaves_no_trace(kept_registries):
    register_panel("tests.slot", Panel("away", 1, "500.html", lambda actor, subject: None))
    page = Template('{% load anshang %}[{% panels "tests.slot" 1 %}]').render(Context())
    assert page == "[]"


def test_an_icon_is_hidden_from_screen_readers():
    with translation.override("zh-hans"):
        html = Template('{% load anshang %}{% icon "walk" "ink-2" %}').render(Context())
    assert 'class="ti ti-walk ink-2"' in html
    assert 'aria-hidden="true"' in html
    assert "icons.svg#i-walk" in html


@pytest.mark.django_db
def test_the_phone_reaches_messages_settings_language_theme_and_sign_out(client):
    user = UserFactory(roles=[Role.AGENT])
    message_to(user)
    client.force_login(user)
    page = client.get(reverse("my_page")).content.decode()
    for name in ("inbox_list", "preferences_edit"):
        assert f'href="{reverse(name)}"' in page
    assert "1 条未读" in page
    for needed in ("data-as-theme", reverse("set_language"), reverse("account_logout")):
        assert needed in page
    bar = page[page.index('class="as-tabbar') :]
    assert reverse("my_page") in bar[: bar.index("</nav>")]


@pytest.mark.django_db
def test_a_stranger_has_no_page_of_their_own(client):
    assert client.get(reverse("my_page")).status_code == 302
