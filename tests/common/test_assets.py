"""Browser files: only what was locked gets in, from any source, and a failure is a sentence."""

import base64
import hashlib
import io
import json
import tarfile

import pytest
from django.core.management import CommandError, call_command

from crm.common.face import assets

ICON = '<svg xmlns="http://www.w3.org/2000/svg"><path stroke="none" d="M0 0h24"/><path d="M4 4h9"/></svg>'


@pytest.fixture
def archive():
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, text in {
            "package/dist/a.css": "b{}\n/*# sourceMappingURL=a.css.map */\n",
            "package/dist/a.js": "go()\n//# sourceMappingURL=a.js.map",
            "package/icons/home.svg": ICON,
        }.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return content.getvalue()


@pytest.fixture
def house(tmp_path, monkeypatch, archive):
    """A lock of one package and a cache that carries it."""
    (tmp_path / "icons.txt").write_text("home\n")
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    package = {
        "name": "@some/kit",
        "version": "1.0.0",
        "integrity": f"sha512-{digest}",
        "files": {"dist/a.css": "a.css", "dist/a.js": "a.js"},
        "icons": {"folder": "icons", "list": "icons.txt", "sprite": "icons.svg"},
    }
    lock = tmp_path / "lock.json"
    lock.write_text(json.dumps({"packages": [package]}))
    monkeypatch.setattr(assets, "LOCK", lock)
    kept = tmp_path / "cache"
    kept.mkdir()
    (kept / "@some+kit-1.0.0.tgz").write_bytes(archive)
    return tmp_path


def _fetch(house):
    return assets.fetch(target=house / "out", root=house, kept=house / "cache")


def test_a_cache_needs_no_network_and_maps_are_stripped(house):
    assert _fetch(house) == ["a.css", "a.js", "icons.svg"]
    assert (house / "out/a.css").read_text().strip() == "b{}"
    assert "sourceMappingURL" not in (house / "out/a.js").read_text()


def test_the_sprite_carries_the_listed_icons_and_no_background(house):
    _fetch(house)
    sprite = (house / "out/icons.svg").read_text()
    assert 'id="i-home"' in sprite
    assert "M4 4h9" in sprite
    assert "M0 0h24" not in sprite


def test_the_second_time_nothing_is_done_until_the_icon_list_changes(house):
    _fetch(house)
    assert _fetch(house) == []
    (house / "icons.txt").write_text("home\nnothing-of-that-name\n")
    with pytest.raises(assets.AssetError, match="nothing-of-that-name"):
        _fetch(house)


def test_a_file_with_another_hash_is_refused_and_nothing_is_written(house):
    (house / "cache/@some+kit-1.0.0.tgz").write_bytes(b"something else")
    with pytest.raises(assets.AssetError, match="not the file that was locked"):
        _fetch(house)
    assert not list((house / "out").glob("*"))


def test_no_network_is_one_sentence(house, monkeypatch):
    (house / "cache/@some+kit-1.0.0.tgz").unlink()
    assets.registry.cache_clear()
    monkeypatch.setenv("NPM_REGISTRY", "http://127.0.0.1:9")
    with pytest.raises(assets.AssetError, match="ASSET_CACHE"):
        _fetch(house)
    assets.registry.cache_clear()


def test_a_machine_without_any_registry_is_told_what_to_set(monkeypatch, tmp_path):
    for name in ("NPM_REGISTRY", "NPM_CONFIG_REGISTRY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(assets, "_npmrc", lambda: "")
    monkeypatch.setattr(assets.shutil, "which", lambda name: None)
    monkeypatch.setattr(assets, "_default_registry", lambda: "")
    assets.registry.cache_clear()
    with pytest.raises(assets.AssetError, match="NPM_REGISTRY"):
        assets.registry()


def test_the_command_ends_with_the_sentence(house, settings, monkeypatch):
    settings.VAR_DIR, settings.BASE_DIR = house / "var", house
    monkeypatch.setenv("ASSET_CACHE", str(house / "cache"))
    (house / "cache/@some+kit-1.0.0.tgz").write_bytes(b"x")
    with pytest.raises(CommandError, match="its sha512 differs"):
        call_command("fetch_assets")


def test_the_lock_names_versions_and_hashes():
    for package in json.loads(
        assets.Path(assets.__file__).with_name("assets.lock.json").read_text()
    )["packages"]:
        assert package["integrity"].startswith("sha512-")
        assert package["version"][0].isdigit()
