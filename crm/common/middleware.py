"""What every request passes: language, actor, content policy, errors meant for people."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from crm.common.days.calendar import calendar_held
from crm.common.days.clock import machine_now
from crm.common.errors import StorageFullError, UserFacingError, is_disk_full
from crm.common.people.actor import ANONYMOUS, Actor, actor_of
from crm.common.people.enums import Role
from crm.common.people.identity import actor_for
from crm.common.people.models import User
from crm.common.records import audit

GetResponse = Callable[[HttpRequest], HttpResponse]


class LegibleMiddleware:
    """A text with a NUL is nobody's: no database keeps it, so it is refused before any view.

    Cookies with one are dropped, since they are not what we set; addresses and forms are
    refused with a sentence.
    """

    NUL = "\x00"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Drop cookies that cannot be ours."""
        for name in [name for name, text in request.COOKIES.items() if self.NUL in name + text]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse an address or a form that carries a NUL."""
        try:
            legible = self.NUL not in request.path and not any(
                map(self._held, (request.GET, request.POST))
            )
        except OSError as problem:
            # A large upload is laid down on the disk while it is read.
            if not is_disk_full(problem):
                raise
            return refusal(request, StorageFullError())
        if not legible:
            words = _("The request holds a character that is no text: type the words anew.")
            return render(request, "400.html", {"message": words}, status=400)
        return None

    def _held(self, sent: QueryDict) -> bool:
        return any(self.NUL in name or self.NUL in "".join(sent.getlist(name)) for name in sent)


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


class SignedInMiddleware:
    """What holds while somebody is signed in: not idle for long, a second step where it is due."""

    # How often a session notes that it is used: once in a while costs nothing.
    NOTE_SECONDS = 300
    # Where the second step is set up, and where one may always go.
    ALWAYS = ("account_", "mfa_", "usersessions_", "set_language", "healthz", "metrics")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out who was away too long."""
        if SESSION_KEY in request.session and self._was_away(request):
            logout(request)
            messages.info(request, _("You were away for a while: please sign in again."))
            return self._lead_to(request, login_url(request))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Lead whoever must have a second step, and has none, to where it is set up."""
        due = settings.ANSHANG_TWO_STEP_ROLES
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(self.ALWAYS) or not request.user.is_authenticated:
            return None
        own = request.user.second_step_due
        if not own and (not due or actor_of(request).roles.isdisjoint(due)):
            return None
        if is_mfa_enabled(request.user):
            return None
        messages.info(
            request,
            _("Your account asks for a second step at sign-in: set it up first.")
            if own
            else _("Your role asks for a second step at sign-in: set it up first."),
        )
        return self._lead_to(request, reverse("mfa_activate_totp"))

    def _was_away(self, request: HttpRequest) -> bool:
        now = machine_now().timestamp()
        last_login = getattr(request.user, "last_login", None)
        seen = request.session.get("seen_at") or (last_login.timestamp() if last_login else now)
        if now - seen > self.NOTE_SECONDS and now - seen <= settings.ANSHANG_IDLE_SECONDS:
            request.session["seen_at"] = now
        return bool(now - seen > settings.ANSHANG_IDLE_SECONDS)

    def _lead_to(self, request: HttpRequest, url: str) -> HttpResponse:
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(url)
        return redirect(url)


def login_url(request: HttpRequest) -> str:
    """Return the sign-in page that leads back to the page that was asked for."""
    back = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})
    return (
        f"{reverse('account_login')}?{back}"
        if request.method == "GET"
        else reverse("account_login")
    )


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


class AuditorsLooksMiddleware:
    """An auditor sees all, and every look at a record or an export is written down."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write down what an auditor was shown; what was refused was not seen."""
        response = self.get_response(request)
        if request.method == "GET" and response.status_code == 200 and self._is_look(request):
            match = request.resolver_match
            named = match.kwargs if match else {}
            audit.record(
                "auditor.look",
                actor=actor_of(request),
                target=User.objects.get(pk=actor_of(request).user_id or 0),
                after={
                    "page": match.view_name if match else "",
                    "record": {name: str(value) for name, value in named.items()},
                    "asked": request.GET.urlencode()[:300],
                },
            )
        return response

    def _is_look(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        if match is None or "staff" not in match.namespaces:
            return False
        if not match.kwargs and request.GET.get("format") != "xlsx":
            return False
        return request.user.is_authenticated and Role.AUDITOR in actor_of(request).roles


class NothingKeptMiddleware:
    """What somebody signed in was shown stays in no browser and no proxy."""

    # Sign-in pages are nobody's yet, and hold what was typed; a signed link shows an issue.
    ALWAYS = ("/work/", "/my/", "/accounts/", "/c/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the header, over what a view may have said."""
        response = self.get_response(request)
        if SESSION_KEY in request.session or request.path.startswith(self.ALWAYS):
            response.headers["Cache-Control"] = "no-store"
        return response


class UserFacingErrorMiddleware:
    """Show a refusal that no view caught as a page with its sentence, never a stack."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a UserFacingError into its page, and a full disk into one."""
        if is_disk_full(error):
            error = StorageFullError()
        return refusal(request, error) if isinstance(error, UserFacingError) else None


def refusal(request: HttpRequest, error: UserFacingError) -> HttpResponse:
    """Return the page of a refusal that no view showed."""
    template = "403.html" if error.status == 403 else "400.html"
    context = {"message": str(error), "who_can": ""}
    return render(request, template, context, status=error.status)
