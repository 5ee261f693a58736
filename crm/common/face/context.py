"""What every page of the shell knows: one lazy object, so that pages without it pay nothing."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, get_language_info

from crm.common.days import clock
from crm.common.outbox.models import Recipient
from crm.common.people.actor import Actor, actor_of
from crm.common.people.enums import Role
from crm.common.slots import navigation

LANGUAGE_TAGS = {"zh-hans": "zh-Hans"}


class Shell:
    """The frame around a page for one request; every part is computed when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor:
        """Who looks at the page; nobody, when the request broke before that was known."""
        return actor_of(self._request)

    @cached_property
    def signed_in(self) -> bool:
        """Whether anybody is signed in."""
        return self.actor.user_id is not None

    @cached_property
    def view_name(self) -> str:
        """The name of the view that answers, with its namespaces."""
        match = getattr(self._request, "resolver_match", None)
        return match.view_name if match else ""

    @cached_property
    def links(self) -> list[navigation.NavLink]:
        """The navigation entries of this actor."""
        return navigation.links_for(self.actor, self.view_name)

    @cached_property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def language_tag(self) -> str:
        """The language as HTML spells it."""
        return LANGUAGE_TAGS.get(self.language, self.language)

    # Parts of the frame are the same on many pages and are kept; a key names all they depend on.
    @cached_property
    def face_key(self) -> str:
        """What the parts depend on that everybody sees."""
        return f"{self.language} {self.fixed_today}"

    @cached_property
    def menu_key(self) -> str:
        """What the menu depends on: the entries, their counts and which is the current one."""
        shown = (f"{one.item.key}{one.count or ''}{'*' * one.current}" for one in self.links)
        return f"{self.face_key} {' '.join(shown)}"

    @cached_property
    def top_key(self) -> str:
        """What the bar at the top depends on: who looks, what is unread, what may be done."""
        seen = (self.search, self.quick_log, self.inbox, self.unread, self.shortcuts)
        who = (self.actor.user_id, self.actor.name, self.role_words)
        return f"{self.face_key} {seen} {who}"

    @cached_property
    def sections(self) -> list[navigation.NavSection]:
        """The side navigation without its foot."""
        return [part for part in navigation.sections_of(self.links) if part.key != "foot"]

    @cached_property
    def foot(self) -> list[navigation.NavLink]:
        """The entries at the foot of the side navigation."""
        return [link for link in self.links if link.item.section == "foot"]

    @cached_property
    def portal_links(self) -> list[navigation.NavLink]:
        """The portal's navigation."""
        return [link for link in self.links if link.item.section == "portal"]

    @cached_property
    def portal_tabs(self) -> list[navigation.NavLink]:
        """The portal's bottom bar on the phone."""
        return navigation.tabs_of(self.portal_links)

    @cached_property
    def portal_home(self) -> str:
        """Where the portal's brand leads."""
        return self.portal_links[0].url if self.portal_links else self.home

    @cached_property
    def public_links(self) -> list[navigation.NavLink]:
        """The public site's navigation."""
        return [link for link in self.links if link.item.section == "public"]

    @cached_property
    def tabs(self) -> list[navigation.NavLink]:
        """The phone's bottom bar."""
        own = [link for link in self.links if link.item.section not in ("portal", "public")]
        return navigation.tabs_of(own)

    @cached_property
    def quick_log(self) -> str | None:
        """Where an issue is logged, if this actor may and is not there already."""
        there = (
            navigation.landmark("quick_log")
            if navigation.is_offered("quick_log", self.actor)
            else None
        )
        return None if there == self._request.path else there

    @cached_property
    def search(self) -> str | None:
        """Where everything is searched."""
        return navigation.landmark("search") if self.actor.is_staff else None

    @cached_property
    def inbox(self) -> str | None:
        """Where the actor's messages are."""
        return navigation.landmark("inbox") if self.signed_in else None

    @cached_property
    def account(self) -> str | None:
        """Where the actor's own settings are."""
        return navigation.landmark("account") if self.signed_in else None

    @cached_property
    def home(self) -> str:
        """Where the brand leads."""
        return navigation.landmark("home") or navigation.url_or_none("home") or "/"

    @cached_property
    def logout(self) -> str | None:
        """Where signing out is confirmed."""
        return navigation.url_or_none("account_logout")

    @cached_property
    def set_language(self) -> str | None:
        """Where the language switch posts to."""
        return navigation.url_or_none("set_language")

    @cached_property
    def unread(self) -> int:
        """The number of the actor's unread messages."""
        if not self.signed_in:
            return 0
        return Recipient.objects.visible_to(self.actor).unread().count()

    @cached_property
    def role_words(self) -> str:
        """The actor's roles in words, for the line under the name."""
        return " · ".join(str(role.label) for role in Role if role in self.actor.roles)

    @cached_property
    def shortcuts(self) -> str:
        """Whether single-letter shortcuts are on: "on" or "off" (WCAG 2.1.4)."""
        user = getattr(self._request, "user", None)
        return "on" if getattr(user, "shortcuts_on", True) else "off"

    @cached_property
    def languages(self) -> list[dict[str, Any]]:
        """The languages to choose from, each under its own name."""
        current = get_language()
        return [
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "current": code == current,
            }
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def path(self) -> str:
        """The address of this page with its query, to come back to."""
        return self._request.get_full_path()

    @cached_property
    def frame(self) -> str:
        """The frame that fits whoever looks: workspace, portal, or the plain one."""
        if self.actor.is_staff:
            return "shell/work.html"
        return "shell/portal.html" if self.signed_in else "shell/entrance.html"

    @cached_property
    def back(self) -> str:
        """The page of this site the person came from, else the start page."""
        referer = self._request.headers.get("referer", "")
        try:
            host = {self._request.get_host()}
        except DisallowedHost:
            return self.home
        return referer if url_has_allowed_host_and_scheme(referer, host) else self.home

    @cached_property
    def fixed_today(self) -> Any:
        """The business date when it is held still (the demo), else None."""
        return clock.today() if clock.is_fixed() else None

    @cached_property
    def city(self) -> str:
        """The short name of the city in the brand block."""
        name: str = getattr(settings, "ANSHANG_CITY_NAME", "")
        return name


def shell(request: HttpRequest) -> dict[str, Any]:
    """Offer `shell` to every template."""
    return {"shell": Shell(request)}
