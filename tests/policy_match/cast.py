"""An editor, a leader and a clause: what the tests of the policy room play with."""

import json
from pathlib import Path

from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.models import Department
from crm.services import load_reference
from policy_match.services import (
    ClauseInput,
    draft_version,
    move_version,
    publish_version,
    register_clause,
    run_match,
)
from profiles.models import Indicator
from profiles.services import (
    Value,
    build_snapshot,
    load_indicators,
    record_values,
    take_over_consents,
)
from profiles.services.tables.periods import Span
from tests.crm.factories import AT, acting, staff

CLAUSE = json.loads(
    (Path(__file__).parents[2] / "policy_match/data/clauses.json").read_text("utf-8")
)[0]
SYSTEM = system_actor("tests")
DAY = AT.date()


class Cast:
    """An editor, a leader, and a published clause."""

    def __init__(self):
        load_reference()
        load_indicators()
        self.editor = acting(staff(Role.POLICY_EDITOR))
        self.leader = acting(staff(Role.LEADER))
        keys = ("code", "title", "words", "policy_title", "issuer", "effective_from")
        self.clause = register_clause(
            actor=self.editor, data=ClauseInput(**{key: CLAUSE[key] for key in keys}), at=AT
        )

    def draft(self, rule=None):
        return draft_version(
            actor=self.editor,
            clause=self.clause,
            rule=rule or CLAUSE["rule"],
            benefit=CLAUSE["benefit"],
            at=AT,
        )

    def submitted(self, rule=None, at=AT):
        version = self.draft(rule)
        move_version(actor=self.editor, clause_version=version, move="submit", at=at)
        return version

    def published(self, rule=None, at=AT):
        version = self.submitted(rule, at)
        publish_version(actor=self.leader, clause_version=version, at=at)
        return version

    def know(self, enterprise, *, revenue, rd, until="2026-10-18", consents=True):
        if consents and not enterprise.consents.exists():
            take_over_consents(actor=SYSTEM, enterprises=[(enterprise, "胡立")], at=AT)
        values = [("main_revenue", revenue, ""), ("rd_spend_stat", rd, "")]
        values.append(("hitech_expiry_date", None, until))
        rows = []
        for code, number, text in values:
            indicator = Indicator.objects.get(code=code)
            span = Span(2023, 12) if number is not None else Span(2024, 7)
            start, end = span.period(indicator.on(DAY).period)
            e4 = None if number is None else number * 10_000
            rows.append(Value(enterprise.pk, indicator.pk, start, end, e4, text))
        record_values(
            actor=SYSTEM,
            department=Department.objects.get(code="tjj"),
            name=f"{enterprise.pk}.xlsx",
            sha256=f"{enterprise.pk:064d}",
            values=rows,
            at=AT,
        )

    def run(self):
        self.published()
        return run_match(
            actor=self.editor,
            snapshot=build_snapshot(actor=SYSTEM, as_of=DAY, at=AT),
            at=AT,
        )
