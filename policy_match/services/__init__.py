"""Writes of the policy room."""

from policy_match.services.answering import answer_push
from policy_match.services.matching import push_matches, run_match
from policy_match.services.policies import ClauseInput, draft_version, register_clause
from policy_match.services.publishing import move_version, publish_version, withdraw_version

__all__ = [
    "ClauseInput",
    "answer_push",
    "draft_version",
    "move_version",
    "publish_version",
    "push_matches",
    "register_clause",
    "run_match",
    "withdraw_version",
]
