"""The harness itself: sloppiness really fails."""

import socket
import warnings
from datetime import datetime

import pytest
from django.template import Context, engines
from django.template.base import Origin, Template

from crm.common.people.models import User


def _draw(text, name):
    engine = engines["django"].engine
    return Template(text, origin=Origin(name), engine=engine).render(Context({"known": 1}))


def test_an_undefined_variable_of_ours_fails(settings):
    with pytest.raises(AssertionError, match="unknown"):
        _draw("{{ known }} {{ unknown }}", str(settings.BASE_DIR / "templates/page.html"))


def test_an_undefined_variable_of_a_library_is_left_to_it():
    assert _draw("{{ known }} {{ unknown }}", "/elsewhere/wagtail/page.html") == "1 "


def test_nothing_leaves_the_machine():
    with socket.socket() as line, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        line.connect(("192.0.2.1", 80))


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning):
        warnings.warn("sloppy", UserWarning, stacklevel=1)


@pytest.mark.django_db
def test_a_naive_datetime_fails():
    with pytest.raises(RuntimeWarning, match="naive"):
        User.objects.create(username="a", last_login=datetime(2024, 9, 12))
