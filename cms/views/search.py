"""One search over everything the actor may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.common.doors import open_to_staff
from crm.common.search import indexes

SHOWN = 8


@open_to_staff
def search(request: HttpRequest) -> HttpResponse:
    """Show the best hits of every kind; the kinds have their own lists for more."""
    query = request.GET.get("q", "").strip()[:80]
    found = []
    if query:
        for index in indexes():
            rows = list(index.find(request.actor, query)[: SHOWN + 1])  # type: ignore[attr-defined]
            if rows:
                hits = [index.hit(row) for row in rows[:SHOWN]]
                found.append({"index": index, "hits": hits, "more": len(rows) > SHOWN})
    return render(request, "cms/search.html", {"query": query, "found": found})
