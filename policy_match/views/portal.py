"""What the enterprise is told about a policy, and what it says to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to_enterprise
from crm.common.people.scoping import get_visible_or_404
from policy_match.enums import PushAnswer
from policy_match.models import Push
from policy_match.selectors import explain
from policy_match.services import answer_push


def _push(request: Request, pk: int) -> Push:
    rows = Push.objects.select_related("version__clause__policy", "match__run__snapshot")
    return get_visible_or_404(rows.select_related("enterprise__area"), request.actor, pk=pk)


def _page(request: Request, push: Push, problem: str = "", status: int = 200) -> HttpResponse:
    reasons = explain(
        push.version, push.match.enterprise_id, push.match.run.snapshot, actor=request.actor
    )
    context = {
        "push": push,
        "reasons": reasons,
        "problem": problem,
        "words": request.POST.get("words", "")[:300],
        "ask_words": _("About the policy “%(title)s”: ") % {"title": push.version.clause.title},
        "wants": push.answer == PushAnswer.WANTED,
        "declines": push.answer == PushAnswer.DECLINED,
    }
    return render(request, "policy_match/push_detail.html", context, status=status)


@open_to_enterprise
def push_detail(request: Request, pk: int) -> HttpResponse:
    """Show a policy that fits, how much it is, why, and what the enterprise may say to it."""
    return _page(request, _push(request, pk))


@open_to_enterprise
@require_POST
def push_answer(request: Request, pk: int) -> HttpResponse:
    """Take a yes, or a no with its reason."""
    push = _push(request, pk)
    try:
        answer_push(
            actor=request.actor,
            push=push,
            answer=request.POST.get("answer", ""),
            words=request.POST.get("words", "")[:300],
            at=clock.now(),
        )
    except UserFacingError as problem:
        return _page(request, push, str(problem.message), problem.status)
    messages.success(request, _("Recorded. Your agent is told."))
    return redirect("portal:policy_match:push_detail", pk=pk)
