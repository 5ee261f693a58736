"""The gallery shows every component, to staff only, and leaves nothing undefined."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.views.styleguide import LAMP_STATES
from tests.common.factories import UserFactory

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates"


class Undefined(str):
    """Stands for Django's string_if_invalid and refuses to be rendered."""

    def __contains__(self, key):
        return key == "%s"

    def __mod__(self, name):
        raise AssertionError(f"undefined template variable: {name}")


@pytest.fixture
def strict_templates(monkeypatch):
    """Make an undefined variable an error."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))


@pytest.fixture
def agent(client):
    """Sign an agent in."""
    person = UserFactory(roles=[Role.AGENT])
    client.force_login(person)
    return person


def _gallery(client, query=""):
    return client.get(reverse("staff:common:styleguide") + query)


def test_staff_see_every_lamp_state(client, agent, strict_templates):
    page = _gallery(client).content.decode()
    for state in LAMP_STATES:
        assert f'class="as-lamp {state}"' in page
        assert f'class="as-lamp {state} pill"' in page


def test_the_gallery_uses_every_component_of_the_house():
    names = {path.stem.replace("_", "-") for path in (TEMPLATES / "cotton").glob("*.html")}
    used = set()
    for path in TEMPLATES.rglob("*.html"):
        if "cotton" in path.parts or "shell" in path.parts or path.name == "styleguide.html":
            used |= set(re.findall(r"<c-([a-z-]+)", path.read_text()))
    assert names - used == set()


def test_a_form_sent_empty_names_its_errors_on_top_and_beside_the_fields(client, agent):
    page = _gallery(client, "?errors=1").content.decode()
    assert "data-as-error-summary" in page
    assert 'href="#id_name"' in page
    assert 'id="id_name_error"' in page
    assert re.search(r'<input[^>]*aria-describedby="id_name_helptext id_name_error"', page)


def test_an_enterprise_is_refused_and_told_who_may(client):
    client.force_login(UserFactory(roles=[Role.ENTERPRISE]))
    answer = _gallery(client)
    assert answer.status_code == 403
    assert str(Role.AGENT.label) in answer.content.decode()


def test_a_stranger_is_sent_to_sign_in(client):
    answer = _gallery(client)
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_htmx_gets_the_list_alone(client, agent, strict_templates):
    whole = _gallery(client).content.decode()
    part = client.get(
        reverse("staff:common:styleguide"), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert part.strip().startswith('<div id="list"')


def test_no_page_of_the_face_holds_a_script_or_a_handler_of_its_own():
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\son[a-z]+\s*=", text), path
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in tag or "application/json" in tag, path
