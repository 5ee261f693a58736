"""Who acts: computed once per request and handed to every service and selector."""

from dataclasses import dataclass, field, replace
from typing import Protocol

from django.http import HttpRequest

from crm.common.people.enums import SEES_ALL_ROLES, STAFF_ROLES, Role


class Belonging(Protocol):
    """The rows an actor belongs to, as ids of tables the ground floor does not know."""

    @property
    def department_id(self) -> int | None:
        """The own department."""

    @property
    def department_ids(self) -> frozenset[int]:
        """The own department and all below it."""

    @property
    def area_ids(self) -> frozenset[int]:
        """The areas served, with all below them."""

    @property
    def enterprise_ids(self) -> frozenset[int]:
        """The enterprises the person is a member of."""

    @property
    def stands_in_for(self) -> frozenset[int]:
        """The people who are away today and named the person as their deputy."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows that are known beforehand."""

    department_id: int | None = None
    department_ids: frozenset[int] = frozenset()
    area_ids: frozenset[int] = frozenset()
    enterprise_ids: frozenset[int] = frozenset()
    stands_in_for: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system itself) with the roles and rows that decide what it may see."""

    user_id: int | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    scope: Belonging = field(default_factory=Scope)
    is_system: bool = False

    def has(self, *roles: Role) -> bool:
        """Say whether the actor holds any of the roles."""
        return self.is_system or not self.roles.isdisjoint(roles)

    def only(self, *roles: Role) -> "Actor":
        """Return the same person with no other roles than these: the union is judged apart."""
        return replace(self, roles=self.roles.intersection(roles))

    @property
    def department_id(self) -> int | None:
        """The actor's own department."""
        return self.scope.department_id

    @property
    def department_ids(self) -> frozenset[int]:
        """The actor's department and all below it."""
        return self.scope.department_ids

    @property
    def area_ids(self) -> frozenset[int]:
        """The areas the actor serves, with all below them."""
        return self.scope.area_ids

    @property
    def enterprise_ids(self) -> frozenset[int]:
        """The enterprises the actor is a member of."""
        return self.scope.enterprise_ids

    @property
    def person_ids(self) -> frozenset[int]:
        """The actor and whoever the actor stands in for: whose places and tasks are theirs."""
        own = frozenset() if self.user_id is None else frozenset({self.user_id})
        return own | self.scope.stands_in_for

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for the city."""
        return self.is_system or not self.roles.isdisjoint(STAFF_ROLES)

    @property
    def sees_all(self) -> bool:
        """Whether the records of all areas are open: leaders, auditors and the system."""
        return self.is_system or not self.roles.isdisjoint(SEES_ALL_ROLES)


ANONYMOUS = Actor()


def system_actor(name: str = "system") -> Actor:
    """Return the actor of scheduled work; it sees all and is named in the audit."""
    return Actor(name=name, is_system=True)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in a request that passed our middleware; nobody in one that did not."""
    found: Actor = getattr(request, "actor", ANONYMOUS)
    return found
