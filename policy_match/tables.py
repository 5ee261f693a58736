"""The list of clauses: where the rule stands, and whom the newest run found."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.common.face.lists import Column, ListSpec, Phone, Preset, cells, register
from policy_match.enums import VersionStatus
from policy_match.filters import NO_RULE, ClauseFilter
from policy_match.selectors import clauses_with_counts

# The tone of a rule's state, where there is one.
LAMPS = {
    VersionStatus.DRAFT: "todo",
    VersionStatus.SUBMITTED: "risk",
    VersionStatus.PUBLISHED: "ok",
    VersionStatus.SUPERSEDED: "no",
    VersionStatus.WITHDRAWN: "no",
}


def _title(clause: Any) -> SafeString:
    url = cells.address("staff:policy_match:clause_detail", clause.pk)
    return cells.link(url, clause.title, clause.policy.title)


def _rule(clause: Any) -> str:
    if not clause.rule_state:
        return str(_("Without a rule"))
    return cells.choice(VersionStatus, clause.rule_state)


def _rule_cell(clause: Any) -> SafeString | str:
    if not clause.rule_state:
        return cells.lamp("no", _("Without a rule"))
    return cells.lamp(LAMPS[clause.rule_state], _rule(clause))


CLAUSES = register(
    ListSpec(
        key="policy_match.clauses",
        title=_("Policy clauses"),
        template="policy_match/clause_list.html",
        rows=clauses_with_counts,
        filterset=ClauseFilter,
        default_sort="code",
        columns=(
            Column(
                "title",
                _("Clause"),
                lambda c: c.title,
                cell=_title,
                sort=("title",),
                optional=False,
                phone=Phone.MAIN,
            ),
            Column(
                "code",
                _("Code"),
                lambda c: c.code,
                sort=("code",),
                shown=False,
                phone=Phone.HIDDEN,
                cell_css="nowrap ink-2",
            ),
            Column("issuer", _("Issuer"), lambda c: c.policy.issuer, phone=Phone.HIDDEN),
            Column(
                "since",
                _("In force from"),
                lambda c: c.policy.effective_from,
                cell=lambda c: cells.iso_day(c.policy.effective_from),
                sort=("policy__effective_from",),
                css="as-xl",
                phone=Phone.HIDDEN,
                cell_css="nowrap",
            ),
            Column(
                "rule", _("Rule"), _rule, cell=_rule_cell, sort=("rule_state",), cell_css="nowrap"
            ),
            Column(
                "eligible",
                _("Eligible"),
                lambda c: c.eligible,
                sort=("eligible",),
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "one_step",
                _("One step away"),
                lambda c: c.one_step,
                sort=("one_step",),
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "unknown",
                _("Data missing"),
                lambda c: c.lacking,
                sort=("lacking",),
                numeric=True,
                phone=Phone.NAMED,
            ),
        ),
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(_("In force"), f"rule={VersionStatus.PUBLISHED}"),
            Preset(_("To be signed"), f"rule={VersionStatus.SUBMITTED}"),
            Preset(_("Without a rule"), f"rule={NO_RULE}"),
        ],
    )
)
