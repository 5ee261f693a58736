"""The demo city's policies: a clause as a rule, matched and pushed."""

import json
from datetime import date
from pathlib import Path

from cms.demo.days import AS_OF, CUTOFF
from cms.demo.world import World
from policy_match.services import (
    ClauseInput,
    draft_version,
    move_version,
    publish_version,
    push_matches,
    register_clause,
    run_match,
)
from profiles.services import assign_labels, build_snapshot, load_labels

# The labels of a month ago and of today: what came and went stands between them.
LABELS_JUDGED = (date(2024, 8, 12), AS_OF.date())
DATA = Path(__file__).resolve().parents[2] / "policy_match" / "data" / "clauses.json"


def seed(world: World) -> None:
    """Enter the clauses, publish their rules, judge everybody, tell the eligible."""
    editor = world.actor(world.users["policy"])
    leader = world.actor(world.users["leader"])
    at = world.moment(date(2024, 8, 20))
    for row in json.loads(DATA.read_text("utf-8")):
        clause = register_clause(
            actor=editor,
            data=ClauseInput(
                code=row["code"],
                title=row["title"],
                words=row["words"],
                policy_title=row["policy_title"],
                issuer=row["issuer"],
                effective_from=date.fromisoformat(row["effective_from"]),
                source=row["source"],
            ),
            at=at,
        )
        version = draft_version(
            actor=editor, clause=clause, rule=row["rule"], benefit=row["benefit"], at=at
        )
        move_version(actor=editor, clause_version=version, move="submit", at=at)
        publish_version(actor=leader, clause_version=version, at=at)
    night = world.moment(date(2024, 9, 2), 8)
    snapshot = build_snapshot(actor=editor, as_of=CUTOFF, at=night)
    run = run_match(actor=editor, snapshot=snapshot, at=night)
    push_matches(actor=editor, run=run, at=night)
    load_labels(LABELS_JUDGED[0])
    for day in LABELS_JUDGED:
        assign_labels(actor=editor, as_of=day, at=world.moment(day, 6))
