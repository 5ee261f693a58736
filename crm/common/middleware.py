"""What every request passes: language, actor, content policy, errors meant for people."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from crm.common.days.calendar import calendar_held
from crm.common.errors import UserFacingError
from crm.common.people.actor import ANONYMOUS, Actor
from crm.common.people.identity import actor_for

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferredLanguageMiddleware:
    """Chinese unless the person chose English in the menu: browsers' wishes are not asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Switch the language for this request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """What a request computes once, when it is first asked for: the actor, the calendar."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hang the actor on the request and hold the working calendar."""

        def compute() -> Actor:
            return actor_for(request.user) if request.user.is_authenticated else ANONYMOUS

        request.actor = SimpleLazyObject(compute)  # type: ignore[attr-defined]
        with calendar_held():
            return self.get_response(request)


class ContentSecurityPolicyMiddleware:
    """Nothing is loaded from outside; scripts come from files of our own only."""

    POLICY = (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
        "frame-ancestors 'self'; form-action 'self'; base-uri 'self'; object-src 'none'"
    )
    # Wagtail's editor and the API's own documentation page carry inline scripts.
    ADMIN_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the policy header."""
        response = self.get_response(request)
        inline = request.path.startswith(("/cms/", "/api/"))
        policy = self.ADMIN_POLICY if inline else self.POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class UserFacingErrorMiddleware:
    """Show a refusal that no view caught as a page with its sentence, never a stack."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a UserFacingError into its page."""
        if not isinstance(error, UserFacingError):
            return None
        template = "403.html" if error.status == 403 else "400.html"
        context = {"message": str(error), "who_can": ""}
        return render(request, template, context, status=error.status)
