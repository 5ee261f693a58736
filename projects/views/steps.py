"""Moves as the project's page offers them: a button that posts, or one that opens its form."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from crm.common.face.moves import Offer, offers
from crm.common.people.actor import Actor
from crm.common.records.transitions import Machine, Tone
from projects.forms import FACTS

# The keys of the keyboard help: E finishes.
KEYS = {"finish": "done"}


@dataclass(frozen=True, slots=True)
class Step:
    """One move: `blocked` when something is missing that its form cannot take."""

    offer: Offer
    version: Any

    @property
    def name(self) -> str:
        """The move's name, as its address has it."""
        return self.offer.name

    @property
    def label(self) -> str:
        """The words of the move."""
        return self.offer.label

    @property
    def icon(self) -> str:
        """The icon of the button."""
        return self.offer.icon

    @property
    def primary(self) -> bool:
        """Whether it is the way on."""
        return self.offer.primary

    @property
    def key(self) -> str:
        """What the keyboard calls it."""
        return KEYS.get(self.name, "")

    @property
    def leads_on(self) -> bool:
        """Whether it goes forward, not aside or back."""
        return self.offer.move.tone is Tone.FORWARD

    @property
    def blocked(self) -> bool:
        """Whether something is missing that the form of the move does not ask for."""
        return any(one.name not in FACTS for one in self.offer.missing)

    @property
    def missing_words(self) -> str:
        """What is missing, in words."""
        return self.offer.missing_words

    @property
    def asks(self) -> bool:
        """Whether it opens a form."""
        return self.offer.has_fields

    @property
    def words(self) -> str:
        """The label, with how many facts the form will ask for."""
        lacking = len(self.offer.missing)
        if not lacking:
            return self.label
        told = ngettext("%(move)s, %(n)s fact missing", "%(move)s, %(n)s facts missing", lacking)
        return told % {"move": self.label, "n": lacking}


def steps(machine: Machine, actor: Actor, obj: Any) -> list[Step]:
    """Return the moves open to the actor, as the page draws them."""
    version = getattr(obj, "version", "")
    return [Step(offer, version) for offer in offers(machine, actor, obj)]
