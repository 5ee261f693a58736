"""Pages for requests that reach no view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be understood: a host that is not ours, too many fields."""
    return render(request, "400.html", status=400)
