"""One cast per test."""

import pytest

from tests.issues.factories import AT, Cast


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.ANSHANG_TODAY = AT.date()
    return Cast()
