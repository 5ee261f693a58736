"""One search over everything the actor may see."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.slots.search import indexes

SHOWN = 8


@open_to_staff
def search(request: Request) -> HttpResponse:
    """Show the best hits of every kind; the kinds have their own lists for more."""
    query = request.GET.get("q", "").strip()[:80]
    found = []
    if query:
        for index in indexes():
            rows = list(index.find(request.actor, query)[: SHOWN + 1])
            if rows:
                hits = [index.hit(row) for row in rows[:SHOWN]]
                found.append({"index": index, "hits": hits, "more": len(rows) > SHOWN})
    return render(request, "cms/search.html", {"query": query, "found": found})
