"""The tables of moves as Markdown: what a room's README says of its machines."""

import re
import sys
from collections.abc import Callable, Iterable
from inspect import getdoc
from typing import Any

from django.utils import translation

from crm.common.records.transitions import Machine, Move, nothing_missing

BEGIN = (
    "<!-- moves: written from the tables of states.py, see tests/architecture/test_readmes.py -->"
)
END = "<!-- /moves -->"
_BLOCK = re.compile(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.S)
_HEAD = "| move | from | to | who may | needs |\n|---|---|---|---|---|"


def block_of(text: str) -> str | None:
    """Return the generated part of a README with its markers, None where it has none."""
    found = _BLOCK.search(text)
    return found[0] if found else None


def with_block(text: str, block: str) -> str:
    """Return a README with another generated part."""
    return _BLOCK.sub(lambda _: block, text)


def prose_of(text: str) -> list[str]:
    """Return the lines somebody wrote by hand, without the empty ones."""
    return [line for line in _BLOCK.sub("", text).splitlines() if line.strip()]


def render(machines: Iterable[Machine]) -> str:
    """Return the generated part for some machines, with its markers."""
    with translation.override("en"):
        parts = [_machine(machine) for machine in machines]
    return "\n\n".join([BEGIN, *parts, END])


def _machine(machine: Machine) -> str:
    moves = list(machine.moves.values())
    rows = [_HEAD, *(_row(machine, move) for move in moves)]
    named = {_name(move.allowed): move.allowed for move in moves}
    named |= {
        _name(move.requires): move.requires
        for move in moves
        if move.requires is not nothing_missing
    }
    told = [f"- `{name}`: {first_line(function)}" for name, function in named.items()]
    first = machine.state_label(machine.initial)
    title = f"### `{machine.key}`\n\nOver the column `{machine.field}`; begins as “{first}”."
    return "\n\n".join([title, "\n".join(rows), "\n".join(told)])


def _row(machine: Machine, move: Move) -> str:
    cells = [
        f"`{move.name}` {move.label}" + (" (by a service only)" if move.hidden else ""),
        _sources(machine, move),
        machine.state_label(move.target),
        f"`{_name(move.allowed)}`",
        _needs(move),
    ]
    return f"| {' | '.join(cells)} |"


def _sources(machine: Machine, move: Move) -> str:
    left_out = [state for state in machine.labels if state not in move.sources]
    if len(move.sources) > 3 and len(left_out) == 1:
        return f"all but {machine.state_label(left_out[0])}"
    return ", ".join(
        machine.state_label(state) for state in machine.labels if state in move.sources
    )


def _needs(move: Move) -> str:
    needs = [] if move.requires is nothing_missing else [f"`{_name(move.requires)}`"]
    needs += [ask.name for ask in move.asks if ask.required]
    if move.reason_needed and "reason" not in needs:
        needs.append("reason")
    if move.evidence_needed and "evidence" not in needs:
        needs.append("evidence")
    return ", ".join(needs)


def _outer(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the named function of a module that made this one, or the function itself."""
    name = function.__qualname__.split(".<locals>")[0]
    found: Callable[..., Any] = getattr(sys.modules[function.__module__], name, function)
    return found


def _name(function: Callable[..., Any]) -> str:
    return _outer(function).__name__


def first_line(function: Callable[..., Any]) -> str:
    """Return the first line of what a function says of itself."""
    return (getdoc(_outer(function)) or "").split("\n")[0]
