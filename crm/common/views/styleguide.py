"""The gallery of the face: every component in every state, for those who build screens."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter

from crm.common.face.conflicts import Difference
from crm.common.face.lists import (
    BulkAction,
    Column,
    ListFilter,
    ListSpec,
    Phone,
    Preset,
    export_rows,
    list_response,
)
from crm.common.http import Request
from crm.common.outbox.enums import WorkState
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to_staff
from crm.common.people.enums import Role
from crm.common.people.models import RoleGrant

LAMP_STATES = ("ok", "risk", "over", "hold", "done", "todo", "miss", "no")


class GalleryForm(forms.Form):
    """Each kind of field once; sent empty, so that errors show."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As on the business licence."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=[
            ("power", gettext_lazy("Water, power, gas")),
            ("land", gettext_lazy("Land")),
        ],
    )
    impact = forms.ChoiceField(
        label=gettext_lazy("Impact"),
        widget=forms.RadioSelect,
        choices=[
            ("normal", gettext_lazy("Ordinary")),
            ("stop", gettext_lazy("Work stopped")),
        ],
    )
    words = forms.CharField(label=gettext_lazy("What happened"), widget=forms.Textarea)
    agreed = forms.BooleanField(label=gettext_lazy("The enterprise agrees"), required=False)


class GalleryFilter(ListFilter):
    """A search box and one chip, over the roles of whoever looks."""

    q = CharFilter(field_name="role", lookup_expr="icontains", label=gettext_lazy("Search"))
    role = ChoiceFilter(choices=Role.choices, widget=forms.RadioSelect, label=gettext_lazy("Role"))

    class Meta:
        model = RoleGrant
        fields = ["role"]


def _presets(actor: Actor) -> list[Preset]:
    return [Preset(gettext_lazy("All"), ""), Preset(Role.AGENT.label, f"role={Role.AGENT}")]


GALLERY_LIST = ListSpec(
    key="common.styleguide",
    title=gettext_lazy("Roles"),
    template="common/styleguide.html",
    filterset=GalleryFilter,
    default_sort="role",
    rows=lambda actor: RoleGrant.objects.filter(user_id=actor.user_id or 0),
    bulk=(
        BulkAction(
            "export",
            gettext_lazy("Export selected"),
            "file-spreadsheet",
            allowed=lambda actor: actor.is_staff,
            answer=export_rows,
        ),
    ),
    presets=_presets,
    columns=(
        Column(
            "role",
            gettext_lazy("Role"),
            value=lambda row: row.get_role_display(),
            sort=("role",),
            optional=False,
            phone=Phone.MAIN,
        ),
        Column("person", gettext_lazy("Name"), value=lambda row: row.user.display_name),
        Column(
            "number",
            gettext_lazy("Reference"),
            value=lambda row: row.pk,
            numeric=True,
            phone=Phone.NAMED,
        ),
    ),
    for_page=lambda rows: rows.select_related("user"),
)


def _rails() -> dict[str, Any]:
    stages = [
        _("Lead"),
        _("In talks"),
        _("Signed"),
        _("Approvals"),
        _("Construction"),
        _("Completion"),
        _("Production"),
        _("Full output"),
    ]
    states = ["done"] * 3 + ["risk"] + ["todo"] * 4
    closing = [
        _("Accept"),
        _("Assign"),
        _("Handle"),
        _("Answer"),
        _("Verify"),
        _("Close out"),
    ]
    close_states = ["done", "done", "late", "done", "now", "todo"]
    return {
        "labels": stages,
        "stages": [
            {
                "name": name,
                "state": state,
                "sub": ["9月12日"] if state == "done" else [],
            }
            for name, state in zip(stages, states, strict=True)
        ],
        "closing": [
            {
                "name": name,
                "state": state,
                "who": "周敏" if state in ("done", "late") else "",
                "when": "9月6日 10:20" if state in ("done", "late") else "",
                "late": _("1 working day late") if state == "late" else "",
                "note": "",
            }
            for name, state in zip(closing, close_states, strict=True)
        ],
        "labels_close": closing,
    }


def _times() -> dict[str, Any]:
    days = [
        ("6", "next", _("accepted")),
        ("7", "off", _("off")),
        ("8", "off", _("off")),
        ("9", "", ""),
        ("10", "", ""),
        ("11", "due", _("due")),
        ("12", "late", _("today")),
    ]
    return {
        "days": [{"day": day, "state": state, "word": word} for day, state, word in days],
        "cells": [
            {"url": "#cells", "state": state, "label": label}
            for state, label in [
                ("", _("visited")),
                ("iss", _("visited, with an issue")),
                ("un", _("not visited")),
                ("late", _("not visited, past the date")),
            ]
            * 6
        ],
        "parts": [
            {"start": 0, "width": 46, "tone": "blue"},
            {"start": 46, "width": 22, "tone": "hatch"},
        ],
        "spark": [
            29.1,
            28.4,
            27.9,
            27.2,
            26.5,
            25.8,
            24.9,
            24.4,
            23.7,
            23.1,
            22.6,
            21.4,
        ],
        "prov": [
            ("来自", "市供电公司"),
            ("批次", "GD-202408-01"),
            ("时间", "9月3日 02:10"),
        ],
        "figure": {
            "data": [
                {
                    "type": "scatter",
                    "mode": "lines+markers",
                    "x": [f"{month}月" for month in (3, 4, 5, 6, 7, 8)],
                    "y": [24.9, 24.4, 23.7, 23.1, 22.6, 21.4],
                    "line": {"color": "@blue", "width": 2},
                }
            ],
            "layout": {"yaxis": {"range": [19, 26]}},
        },
    }


def _jobs() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            pk=state,
            state=state,
            has_ended=state != WorkState.RUNNING,
            percent=percent,
            message=message,
            result_url="#jobs",
        )
        for state, percent, message in [
            # A job that ended does not poll, so the gallery shows these two only.
            (WorkState.DONE, 100, _("3,812 observations loaded")),
            (
                WorkState.DEAD,
                60,
                _("Row 14: the code has 17 characters, it needs 18."),
            ),
        ]
    ]


@open_to_staff
def styleguide(request: Request) -> HttpResponse:
    """Show the gallery; its list is the roles of whoever looks."""
    context = {
        "lamp_states": LAMP_STATES,
        "crumbs": [(_("Start"), "/"), (_("Components"), None)],
        "form": GalleryForm({}) if "errors" in request.GET else GalleryForm(),
        "jobs": _jobs(),
        "differences": [
            Difference("phone", _("Telephone"), "138****1111", "138****2222", keep="theirs")
        ],
        **_rails(),
        **_times(),
    }
    return list_response(request, GALLERY_LIST, extra=context)
