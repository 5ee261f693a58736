"""What the documents say is so: tables of moves, files that exist, names of the glossary.

`make readme-tables` writes the tables anew.
"""

import os
import re
from importlib import import_module
from importlib.util import find_spec

import pytest

from crm.common.records.transitions import MACHINES, Machine, Move
from tests.architecture import guards, readme_tables

WRITES = os.environ.get("README_TABLES") == "write"
READMES = ("crm/common", *guards.ROOMS)
LONGEST = 40  # lines somebody wrote by hand
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", *(f"{folder}/README.md" for folder in READMES))
    for path in guards.ROOT.glob(pattern)
)
_PATH = re.compile(r"`([a-z_.]+(?:/[A-Za-z0-9_.-]+)+\.(?:py|html|csv|md|json))`")
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_WORD = re.compile(r"[A-Za-z_]\w+")


def _machines(room):
    for each in guards.ROOMS:
        if find_spec(f"{each}.states"):
            import_module(f"{each}.states")
    return [machine for key, machine in MACHINES.items() if key.split(".")[0] == room]


def _readme(folder):
    return guards.ROOT / folder / "README.md"


@pytest.mark.parametrize("room", guards.ROOMS)
def test_a_readme_tells_the_moves_as_they_are(room):
    machines, path = _machines(room), _readme(room)
    text = path.read_text("utf-8")
    found = readme_tables.block_of(text)
    if not machines and found is None:
        return
    assert found, f"{path} needs the lines {readme_tables.BEGIN} and {readme_tables.END}"
    wanted = readme_tables.render(machines)
    if WRITES:
        path.write_text(readme_tables.with_block(text, wanted), "utf-8")
        return
    assert found == wanted, (
        f"{room}/README.md tells other moves than {room}/states.py. If that is meant, call "
        "make readme-tables."
    )


@pytest.mark.parametrize("room", guards.ROOMS)
def test_who_may_and_what_is_needed_say_so_in_words(room):
    silent = [
        f"{machine.key}.{move.name}: {function.__qualname__}"
        for machine in _machines(room)
        for move in machine.moves.values()
        for function in (move.allowed, move.requires)
        if not readme_tables.first_line(function)
    ]
    assert not silent, f"give these a docstring: {silent}"


@pytest.mark.parametrize("folder", READMES)
def test_a_readme_stays_short(folder):
    lines = readme_tables.prose_of(_readme(folder).read_text("utf-8"))
    assert len(lines) <= LONGEST, f"{folder}/README.md has {len(lines)} lines"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(guards.ROOT)))
def test_what_a_document_points_to_exists(path):
    text = path.read_text("utf-8")
    homes = (guards.ROOT, path.parent)
    named = _PATH.findall(text)
    gone = [name for name in named if not any((home / name).exists() for home in homes)]
    gone += [name for name in _LINK.findall(text) if not (path.parent / name).exists()]
    assert gone == []


def test_every_name_of_the_glossary_is_a_name_of_the_code():
    code = "\n".join(path.read_text("utf-8") for path in guards.sources(guards.ROOT))
    known, unknown = set(_WORD.findall(code)), []
    for line in (guards.ROOT / "CONTEXT.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 3:
            unknown += [
                name
                for given in re.findall(r"`([^`]+)`", cells[3])
                for name in _WORD.findall(given)
                if name not in known
            ]
    assert unknown == []


def test_a_changed_table_is_found():
    def may(_actor, _obj):
        """Everybody may."""
        return True

    move = Move("go", frozenset({"a"}), "b", "Go", may, needs_reason=True)
    machine = Machine("planted", initial="a", labels={"a": "A", "b": "B"}, moves=[move])
    MACHINES.pop("planted")
    told = readme_tables.render([machine])
    assert "| `go` Go | A | B |" in told
    assert "reason |" in told
    text = f"# Room\n\n{told}\n\nEnd.\n"
    assert readme_tables.block_of(text) == told
    assert (
        readme_tables.block_of(readme_tables.with_block(text, told.replace("Go", "Stay"))) != told
    )
    assert readme_tables.prose_of(text) == ["# Room", "End."]
