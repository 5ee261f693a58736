"""The operations page names every setting, and no setting that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def _read_by_settings():
    text = "".join(path.read_text("utf-8") for path in (ROOT / "crm/settings").glob("*.py"))
    calls = re.findall(r'env\.(?:\w+)\(\s*"([A-Z_]+)"', text)
    return set(calls)


def _described():
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.M))


def test_every_setting_is_described_and_nothing_else():
    assert _described() == _read_by_settings()


def test_the_example_environment_names_only_what_exists():
    lines = (ROOT / "deploy/env.example").read_text("utf-8").splitlines()
    names = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    assert names <= _described() | {"POSTGRES_PASSWORD", "DATABASE_OWNER_URL"}
