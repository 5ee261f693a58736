"""The issue room's catalogue: the limits of the ledger."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.slots.catalogues import Catalogue, register
from issues.enums import Severity
from issues.models import LimitProfile, LimitRule, LimitVersion
from issues.permissions import can_keep_limits
from issues.services import revise_limits

DAYS = ("contact_days", "answer_days", "solve_days", "confirm_days")


class LimitsForm(forms.Form):
    """The working days of each impact, and the document that sets them."""

    def __init__(self, data: Any, last: LimitVersion) -> None:
        super().__init__(data)
        self.fields["source"] = forms.CharField(
            max_length=120, label=_("Document"), initial=last.source
        )
        for rule in _general(last):
            for name in DAYS:
                words = LimitRule._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                self.fields[f"{rule.severity}_{name}"] = forms.IntegerField(
                    min_value=0,
                    max_value=365,
                    initial=getattr(rule, name),
                    label=f"{rule.get_severity_display()} · {words}",
                )


def _general(version: LimitVersion) -> list[LimitRule]:
    rules = [rule for rule in version.rules.all() if rule.category_id is None]
    order = list(Severity)
    return sorted(rules, key=lambda rule: order.index(Severity(rule.severity)))


def _told(rule: LimitRule) -> str:
    days = " / ".join(str(getattr(rule, name)) for name in DAYS)
    return str(_("%s working days") % days)


def _facts(version: LimitVersion) -> list[tuple[Any, Any]]:
    lines: list[tuple[Any, Any]] = [(_("Document"), version.source)]
    return lines + [(rule.get_severity_display(), _told(rule)) for rule in _general(version)]


def _short(version: LimitVersion) -> list[Any]:
    return [_(", ").join(str(rule.solve_days) for rule in _general(version)), version.source]


def _revise(
    actor: Actor, entry: LimitProfile, day: date, values: dict[str, Any], at: datetime
) -> LimitVersion:
    days = {
        str(severity): {name: values[f"{severity}_{name}"] for name in DAYS}
        for severity in Severity
        if f"{severity}_{DAYS[0]}" in values
    }
    return revise_limits(
        actor=actor, profile=entry, effective_from=day, source=values["source"], days=days, at=at
    )


register(
    Catalogue(
        key="limits",
        label=_("Limits of issues"),
        order=40,
        icon="clock",
        versions=LimitVersion,
        of="profile",
        form=LimitsForm,
        revise=_revise,
        may=can_keep_limits,
        facts=_facts,
        code=lambda version: version.profile.code,
        heads=(_("Solution, working days"), _("Document")),
        short=_short,
    )
)
