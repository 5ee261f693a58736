"""递进式销号, the life of a meeting and of a sweep, as tables of moves."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.face.fields import RowsField, ask_files, ask_moment, ask_names
from crm.common.records.asks import Ask, ask_day, ask_line, ask_reason, ask_text
from crm.common.records.transitions import Machine, Move, Tone, aside
from crm.models import Department
from issues.enums import IssueStatus as S
from issues.enums import MeetingStatus as M
from issues.enums import SweepStatus as W
from issues.permissions import (
    can_record_recurrence,
    has_the_word,
    is_approver,
    is_handler,
    is_independent,
    is_office,
    keeps_agenda,
    keeps_minutes,
    may_sign,
    may_withdraw,
)
from issues.rules import (
    missing_matters,
    missing_to_close,
    missing_to_close_silent,
    missing_to_finish,
    missing_to_sign,
)

NOTE = ask_text("note", _("Note"), required=False)
UNITS = (
    Ask(
        "department",
        lambda: forms.ModelChoiceField(
            label=_("Responsible unit"), queryset=Department.objects.filter(active=True)
        ),
    ),
    Ask(
        "assisting",
        lambda: RowsField(
            label=_("Assisting units"),
            queryset=Department.objects.filter(active=True),
            required=False,
        ),
    ),
)
TASK = ask_text("task", _("What to do"), required=False)
_EVIDENCE_HELP = _("Photos or documents that show it is done.")

# In the order in which a page offers them: the first that is open to somebody is the main one.
ISSUE_MACHINE = Machine(
    "issues.issue",
    initial=S.RECEIVED,
    labels=dict(S.choices),
    moves=[
        Move(
            "sign",
            frozenset({S.ASSIGNED}),
            S.SIGNED,
            pgettext_lazy("issue move", "Sign for it"),
            is_handler,
            icon="check",
        ),
        Move(
            "answer",
            frozenset({S.SIGNED, S.HANDLING}),
            S.ANSWERED,
            pgettext_lazy("issue move", "Answer"),
            is_handler,
            icon="message",
            asks=(
                ask_text("text", _("What was done"), rows=3),
                ask_files("evidence", _("Evidence"), help_text=_EVIDENCE_HELP),
            ),
            needs_reason=True,
        ),
        Move(
            "verify",
            frozenset({S.ANSWERED}),
            S.VERIFIED,
            pgettext_lazy("issue move", "Verify"),
            is_independent,
            icon="camera",
            asks=(NOTE, ask_files("photos", _("Photos"), required=False)),
        ),
        Move(
            "close",
            frozenset({S.VERIFIED}),
            S.CLOSED,
            pgettext_lazy("issue move", "Strike off"),
            is_independent,
            icon="circle-check",
            asks=(NOTE,),
            requires=missing_to_close,
        ),
        Move(
            "close_silent",
            frozenset({S.VERIFIED}),
            S.CLOSED,
            pgettext_lazy("issue move", "Strike off as unconfirmed"),
            is_independent,
            icon="circle-check",
            asks=(ask_reason(_("How the enterprise was asked")),),
            requires=missing_to_close_silent,
        ),
        Move(
            "assign",
            frozenset({S.RECEIVED, S.RETURNED}),
            S.ASSIGNED,
            pgettext_lazy("issue move", "Assign"),
            is_office,
            asks=(*UNITS, TASK),
        ),
        Move(
            "start",
            frozenset({S.SIGNED}),
            S.HANDLING,
            pgettext_lazy("issue move", "Start handling"),
            is_handler,
            icon="pencil",
            asks=(NOTE,),
        ),
        Move(
            "resume",
            frozenset({S.PARKED}),
            S.RECEIVED,
            pgettext_lazy("issue move", "Take up again"),
            is_approver,
            icon="player-play",
            asks=(NOTE,),
        ),
        Move(
            "reassign",
            frozenset({S.ASSIGNED, S.SIGNED, S.HANDLING}),
            S.ASSIGNED,
            pgettext_lazy("issue move", "Change the unit"),
            is_office,
            asks=(*UNITS, TASK),
            tone=Tone.ASIDE,
        ),
        aside(
            "send_back",
            frozenset({S.ANSWERED, S.VERIFIED}),
            S.HANDLING,
            pgettext_lazy("issue move", "Send back for more work"),
            is_office,
            icon="arrow-back-up",
        ),
        Move(
            "dispute",
            frozenset({S.ANSWERED, S.VERIFIED}),
            S.HANDLING,
            pgettext_lazy("issue move", "Enterprise: not solved"),
            has_the_word,
            icon="arrow-back-up",
            hidden=True,
        ),
        aside(
            "return",
            frozenset({S.ASSIGNED, S.SIGNED}),
            S.RETURNED,
            pgettext_lazy("issue move", "Return, not ours"),
            is_handler,
            icon="arrow-back-up",
        ),
        aside(
            "extend",
            frozenset({S.SIGNED, S.HANDLING}),
            S.HANDLING,
            pgettext_lazy("issue move", "Grant more time"),
            is_approver,
            icon="calendar-plus",
            asks=(ask_day("due_on", _("New day")),),
        ),
        aside(
            "park",
            frozenset({S.RECEIVED, S.RETURNED, S.ASSIGNED, S.SIGNED, S.HANDLING, S.ANSWERED}),
            S.PARKED,
            pgettext_lazy("issue move", "Park"),
            is_approver,
            icon="player-pause",
            asks=(ask_day("review_on", _("Next review")),),
        ),
        aside(
            "refuse",
            frozenset({S.RECEIVED, S.RETURNED}),
            S.REFUSED,
            pgettext_lazy("issue move", "Do not accept"),
            is_office,
            icon="ban",
        ),
        aside(
            "reopen",
            frozenset({S.CLOSED, S.REFUSED}),
            S.RECEIVED,
            pgettext_lazy("issue move", "Reopen"),
            is_approver,
            icon="refresh",
        ),
        Move(
            "recur",
            frozenset({S.CLOSED}),
            S.RECEIVED,
            pgettext_lazy("issue move", "Came up again"),
            can_record_recurrence,
            icon="refresh",
            needs_reason=True,
            hidden=True,
        ),
        aside(
            "withdraw",
            frozenset(set(S) - {S.WITHDRAWN}),
            S.WITHDRAWN,
            pgettext_lazy("issue move", "Entered by mistake"),
            may_withdraw,
            icon="trash",
            tone=Tone.DANGER,
        ),
    ],
)

MEETING_MACHINE = Machine(
    "issues.meeting",
    initial=M.REQUESTED,
    labels=dict(M.choices),
    moves=[
        Move(
            "approve_agenda",
            frozenset({M.REQUESTED}),
            M.AGENDA,
            pgettext_lazy("meeting move", "Approve the agenda"),
            is_approver,
            icon="check",
            requires=missing_matters,
            done=_("The agenda is approved."),
        ),
        Move(
            "set_agenda",
            frozenset({M.REQUESTED, M.AGENDA}),
            M.AGENDA,
            pgettext_lazy("meeting move", "Set the agenda"),
            is_approver,
            hidden=True,
        ),
        Move(
            "edit_requested",
            frozenset({M.REQUESTED}),
            M.REQUESTED,
            pgettext_lazy("meeting move", "Change the agenda"),
            keeps_agenda,
            hidden=True,
        ),
        Move(
            "edit_agenda",
            frozenset({M.AGENDA}),
            M.AGENDA,
            pgettext_lazy("meeting move", "Change the agenda"),
            keeps_agenda,
            hidden=True,
        ),
        Move(
            "hold",
            frozenset({M.REQUESTED, M.AGENDA}),
            M.HELD,
            pgettext_lazy("meeting move", "Record as held"),
            keeps_minutes,
            icon="users",
            requires=missing_matters,
            asks=(
                ask_moment("held_at", _("Held at")),
                ask_line("chair", _("Chair"), longest=40),
                ask_names("present", _("Present")),
                ask_names("excused", _("Excused"), required=False),
                ask_line("place", _("Place"), required=False, longest=80),
            ),
            done=_("The meeting is on record as held. Now the minutes."),
        ),
        Move(
            "draft",
            frozenset({M.HELD, M.MINUTES}),
            M.MINUTES,
            pgettext_lazy("meeting move", "Draft the minutes"),
            keeps_minutes,
            hidden=True,
        ),
        Move(
            "sign",
            frozenset({M.MINUTES}),
            M.SIGNED,
            pgettext_lazy("meeting move", "Sign the minutes"),
            may_sign,
            icon="gavel",
            done=_("The minutes are signed and frozen."),
            requires=missing_to_sign,
        ),
        Move(
            "dispatch",
            frozenset({M.SIGNED}),
            M.DISPATCHED,
            pgettext_lazy("meeting move", "Hand out the decisions"),
            is_approver,
            icon="send",
            done=_("The decisions are handed out."),
        ),
        aside(
            "cancel",
            frozenset({M.REQUESTED, M.AGENDA}),
            M.CANCELLED,
            pgettext_lazy("meeting move", "Cancel"),
            is_approver,
            icon="ban",
        ),
    ],
)

SWEEP_MACHINE = Machine(
    "issues.sweep",
    initial=W.PLANNED,
    labels=dict(W.choices),
    moves=[
        Move(
            "open",
            frozenset({W.PLANNED}),
            W.OPEN,
            pgettext_lazy("sweep move", "Open the round"),
            is_approver,
            icon="player-play",
        ),
        Move(
            "close",
            frozenset({W.OPEN}),
            W.CLOSED,
            pgettext_lazy("sweep move", "Close the round"),
            is_approver,
            icon="circle-check",
            asks=(ask_text("summary", _("Summary"), rows=3),),
            requires=missing_to_finish,
        ),
    ],
)
