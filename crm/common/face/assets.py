"""Browser assets: fetched once from the npm registry, checked by hash, served by ourselves.

Only the standard library is used, so that setting up needs neither Node nor a compiler. The
lock (`assets.lock.json`) names packages, versions and sha512; nothing else is ever unpacked.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

LOCK = Path(__file__).with_name("assets.lock.json")
NODE_WHEEL = Path(__file__).with_name("node-wheel.txt")
TIMEOUT_SECONDS = 60
_SOURCE_MAP = re.compile(rb"(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*$")
_SVG = "{http://www.w3.org/2000/svg}"


class AssetError(Exception):
    """The assets cannot be had; the sentence says what to do."""


@cache
def registry() -> str:
    """Return the npm registry's address as this machine is configured.

    Asked in this order: NPM_REGISTRY, NPM_CONFIG_REGISTRY, the npmrc files, npm itself, and
    the npm that a wheel of Node from the Python registry carries.
    """
    named = os.environ.get("NPM_REGISTRY") or os.environ.get("NPM_CONFIG_REGISTRY") or _npmrc()
    if not named and shutil.which("npm"):
        named = _ask(["npm", "config", "get", "registry"])
    if not named:
        named = _default_registry()
    if not named.startswith(("https://", "http://")):
        raise AssetError(
            "The browser assets could not be fetched: no npm registry is known here and the Python "
            "registry does not answer. Connect to the network, set NPM_REGISTRY to a mirror, or "
            "bring the files in ASSET_CACHE (docs/operations.md)."
        )
    return named.rstrip("/")


def _npmrc() -> str:
    for path in (Path.home() / ".npmrc", Path("/etc/npmrc"), Path("/usr/etc/npmrc")):
        if path.is_file():
            found = re.search(r"^\s*registry\s*=\s*(\S+)", path.read_text("utf-8"), re.M)
            if found:
                return found[1]
    return ""


def _default_registry() -> str:
    """Return npm's own default, asked of the npm inside Node's wheel.

    A machine without Node and without any npm setting still has pip, and the Python registry
    carries Node: it is unpacked into a folder that is gone again afterwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder]
        install += ["--no-deps", "--require-hashes", "-r", str(NODE_WHEEL)]
        subprocess.run(install, check=False, capture_output=True)  # noqa: S603 - our own words
        found = next(Path(folder).rglob("npm-cli.js"), None)
        node = next((path for path in Path(folder).rglob("bin/node") if path.is_file()), None)
        if found is None or node is None:
            return ""
        return _ask([str(node), str(found), "config", "get", "registry"])


def _ask(command: list[str]) -> str:
    told = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return told.stdout.strip() if told.returncode == 0 else ""


def fetch(*, target: Path, root: Path, kept: Path, with_tests: bool = True) -> list[str]:
    """Fill `target` with the locked files; return what was made. Nothing is done twice.

    Raises AssetError with one sentence when the registry cannot be reached or a hash is wrong.
    """
    lock = json.loads(LOCK.read_text("utf-8"))
    stamp = target / ".stamp"
    wanted = _stamp(root, lock)
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return []
    target.mkdir(parents=True, exist_ok=True)
    made: list[str] = []
    for package in lock["packages"]:
        if package.get("only") == "tests" and not with_tests:
            continue
        archive = _package(package, kept)
        made += _unpack(package, archive, target, root)
    stamp.write_text(wanted, "ascii")
    return made


def _stamp(root: Path, lock: dict[str, Any]) -> str:
    parts = [json.dumps(lock, sort_keys=True).encode()]
    lists = [package["icons"]["list"] for package in lock["packages"] if "icons" in package]
    parts.extend((root / name).read_bytes() for name in lists)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _package(package: dict[str, Any], folder: Path) -> bytes:
    name, version = package["name"], package["version"]
    short = name.rsplit("/", 1)[-1]
    kept = folder / f"{name.replace('/', '+')}-{version}.tgz"
    content = kept.read_bytes() if kept.is_file() else b""
    if not content:
        url = f"{registry()}/{name}/-/{short}-{version}.tgz"
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                content = answer.read()
        except (urllib.error.URLError, OSError) as problem:
            raise AssetError(
                f"{name} {version} could not be fetched ({problem}): connect to the network, set "
                f"NPM_REGISTRY to a mirror, or put {kept.name} into ASSET_CACHE."
            ) from None
    algorithm, _, wanted = package["integrity"].partition("-")
    found = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    if found != wanted:
        raise AssetError(
            f"{name} {version} is not the file that was locked: its {algorithm} differs. "
            "Nothing was installed; ask where the file came from."
        )
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)
    return content


def _unpack(package: dict[str, Any], archive: bytes, target: Path, root: Path) -> list[str]:
    made = []
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for inside, outside in package.get("files", {}).items():
            (target / outside).write_bytes(_SOURCE_MAP.sub(b"", _read(tar, inside)))
            made.append(outside)
        if icons := package.get("icons"):
            names = (root / icons["list"]).read_text("utf-8").split()
            sprite = _sprite(tar, icons["folder"], sorted(set(names)))
            (target / icons["sprite"]).write_text(sprite, "utf-8")
            made.append(icons["sprite"])
    return made


def _read(tar: tarfile.TarFile, inside: str) -> bytes:
    member = tar.extractfile(f"package/{inside}")
    if member is None:
        raise AssetError(f"{inside} is missing in its package: the lock is out of date.")
    return member.read()


def _sprite(tar: tarfile.TarFile, folder: str, names: list[str]) -> str:
    """Return one SVG with a symbol per icon, drawn in the colour of the text around it."""
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    sprite = ElementTree.Element(f"{_SVG}svg")
    for name in names:
        try:
            drawing = ElementTree.fromstring(_read(tar, f"{folder}/{name}.svg"))  # noqa: S314 - hash-checked
        except KeyError:
            raise AssetError(f"There is no icon “{name}”: mend icons.txt.") from None
        symbol = ElementTree.SubElement(
            sprite,
            f"{_SVG}symbol",
            {
                "id": f"i-{name}",
                "viewBox": "0 0 24 24",
                "fill": "none",
                "stroke": "currentColor",
                "stroke-width": "2",
                "stroke-linecap": "round",
                "stroke-linejoin": "round",
            },
        )
        symbol.extend(child for child in drawing if child.get("stroke") != "none")
    return ElementTree.tostring(sprite, encoding="unicode")
