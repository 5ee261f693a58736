"""A real Chromium, the product's own server, and everything the browser complains about."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.test import Client

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop of its own
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("No Chromium was found: install it or set CHROMIUM to its path.")
    return {"executable_path": path, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def complaints(page, live_server):
    """What must stay empty: console lines, failures, answers in error, requests to elsewhere."""
    found = []
    home = urlsplit(live_server.url).netloc

    def asked(request):
        if (
            urlsplit(request.url).scheme in ("http", "https")
            and urlsplit(request.url).netloc != home
        ):
            found.append(f"request to {request.url}")

    page.on("request", asked)
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: line.type in ("error", "warning") and found.append(f"console: {line.text}"),
    )
    page.on(
        "response",
        lambda answer: answer.status >= 400 and found.append(f"{answer.status} {answer.url}"),
    )
    return found


@pytest.fixture
def sign_in(page, live_server):
    """Sign a person in without the form."""

    def enter(user):
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": live_server.url}
                for name, morsel in client.cookies.items()
            ]
        )

    return enter
