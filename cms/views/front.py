"""The front page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from crm.common.http import Request
from crm.common.people.doors import open_to_public


@open_to_public(reason="the front page says what the site is and where to sign in")
def front_page(request: Request) -> HttpResponse:
    """Greet visitors; whoever is signed in goes on to the screen the work begins with."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "cms/front_page.html")
