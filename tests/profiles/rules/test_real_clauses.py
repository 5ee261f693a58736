"""Conditions of real clauses, said in the language against the product's own vocabulary."""

import json
from datetime import date
from pathlib import Path

import pytest

from crm.services import load_reference
from profiles import features
from profiles.rules import Book, Verdict, evaluate, parse, sentence
from profiles.services import load_indicators

CLAUSES = json.loads((Path(__file__).parents[2] / "data" / "real_clauses.json").read_text("utf-8"))
DAY = date(2024, 9, 12)


@pytest.mark.django_db
def test_every_encoded_clause_is_read_said_and_left_unknown_without_data():
    load_reference()
    load_indicators()
    language = features.language(DAY)
    for clause in CLAUSES:
        rule = parse(clause["rule"], catalogue=language)
        told = sentence(rule, language)
        assert told.endswith("。"), clause["id"]
        assert ("认定：" in told) == (clause["said"] == "person"), clause["id"]
        assert evaluate(rule, Book(DAY)).verdict is Verdict.UNKNOWN
