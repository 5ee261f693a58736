"""What the enterprise is told about a policy."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.common.http import Request
from crm.common.people.doors import open_to_enterprise
from crm.common.people.scoping import get_visible_or_404
from policy_match.models import Push
from policy_match.selectors import explain


@open_to_enterprise
def push_detail(request: Request, pk: int) -> HttpResponse:
    """Show a policy that fits, how much it is, and why."""
    rows = Push.objects.select_related("version__clause__policy", "match__run__snapshot")
    push = get_visible_or_404(rows, request.actor, pk=pk)
    reasons = explain(
        push.version, push.match.enterprise_id, push.match.run.snapshot, actor=request.actor
    )
    context = {"push": push, "reasons": reasons}
    return render(request, "policy_match/push_detail.html", context)
