"""Writes of the policy room."""

from policy_match.services.matching import push_matches, run_match
from policy_match.services.policies import (
    ClauseInput,
    draft_version,
    publish_version,
    register_clause,
)

__all__ = [
    "ClauseInput",
    "draft_version",
    "publish_version",
    "push_matches",
    "register_clause",
    "run_match",
]
