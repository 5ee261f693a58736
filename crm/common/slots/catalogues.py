"""Catalogues with dated versions: a room declares its own, one screen keeps them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from crm.common.people.actor import Actor
from crm.common.records.models import DatedVersion

Reviser = Callable[[Actor, Any, date, dict[str, Any], datetime], Any]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue: its versions, how a version is told, changed and who may change it.

    `of` names the key from a version to its entry; `fields` are shown and may change. A room
    whose versions are more than columns brings its own `form` and `facts`.
    """

    key: str
    label: str | Promise
    order: int
    icon: str
    versions: type[DatedVersion]
    of: str
    form: Callable[[Any, Any], forms.BaseForm]
    revise: Reviser
    may: Callable[[Actor], bool]
    facts: Callable[[Any], list[tuple[Any, Any]]]
    code: Callable[[Any], str]
    short: Callable[[Any], list[Any]]
    heads: tuple[Any, ...]

    @property
    def entries(self) -> type[Model]:
        """The model of the entries."""
        found: Any = self.versions._meta.get_field(self.of).related_model
        return found  # type: ignore[no-any-return]

    def in_force(self, day: date) -> QuerySet[Any]:
        """Return the version of each entry that is in force on a day, with what it names."""
        rows: Any = self.versions._default_manager
        return rows.in_force(day).select_related()  # type: ignore[no-any-return]


_catalogues: dict[str, Catalogue] = {}


def register(catalogue: Catalogue) -> Catalogue:
    """Declare a catalogue (in a room's catalogues.py)."""
    _catalogues[catalogue.key] = catalogue
    return catalogue


def catalogues() -> list[Catalogue]:
    """Return all catalogues in their order."""
    return sorted(_catalogues.values(), key=lambda one: one.order)


def fields_form(model: type[DatedVersion], names: tuple[str, ...]) -> Any:
    """Return what builds the form of a version's columns, filled from the version before."""
    shape: Any = forms.modelform_factory(model, fields=names)
    return lambda data, last: shape(data, instance=last)


def fields_facts(names: tuple[str, ...]) -> Callable[[Any], list[tuple[Any, Any]]]:
    """Return what tells the columns of a version with their names."""

    def facts(version: Any) -> list[tuple[Any, Any]]:
        return [(_label(version, name), _told(version, name)) for name in names]

    return facts


def _label(version: Any, name: str) -> Any:
    return version._meta.get_field(name).verbose_name


def _told(version: Any, name: str) -> Any:
    display = getattr(version, f"get_{name}_display", None)
    value = display() if display else getattr(version, name)
    return "、".join(map(str, value)) if isinstance(value, list) else value
