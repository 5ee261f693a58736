"""Workbooks as departments send them: read right, refused or asked about; nothing guessed or lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import TestCase

from crm.common.errors import UserFacingError
from crm.common.outbox.jobs import Unwatched
from crm.common.quantity import SCALE
from crm.models import Department
from crm.services import load_reference
from profiles.models import Indicator
from profiles.services import ImportReport, load_indicators
from profiles.services.reading import read_file
from tests.crm.factories import EnterpriseFactory
from tests.data.making import FIRMS
from tests.data.workbooks import CASES

TODAY = date(2024, 9, 12)


class Workbooks(TestCase):
    """Every case of tests/data/workbooks.py is one test."""

    @classmethod
    def setUpTestData(cls):
        load_reference()
        load_indicators()
        cls.firms = {
            EnterpriseFactory(uscc=code, name=name).pk: letter
            for letter, (code, name) in FIRMS.items()
        }
        cls.codes = dict(Indicator.objects.values_list("pk", "code"))

    def read(self, case, answers):
        report = ImportReport(case.name, case.department)
        reading = read_file(
            department=Department.objects.get(code=case.department),
            name=case.name,
            content=case.content,
            today=TODAY,
            period=None,
            answers=answers,
            report=report,
            watch=Unwatched(),
        )
        return reading, report

    def values(self, reading):
        return {
            (self.firms[k[0]], self.codes[k[1]], k[2], k[3], k[4]): (
                value.text or Decimal(value.number_e4) / SCALE
            )
            for k, value in reading.values.items()
        }

    def check(self, case):
        if case.says:
            with pytest.raises(UserFacingError, match=case.says):
                self.read(case, {})
            return
        reading, report = self.read(case, {})
        assert {q.kind for q in report.questions} == set(case.asks), report
        assert tuple(problem.cell for problem in report.problems) == case.refuses, report
        if case.answers:
            given = {q.key: case.answers[q.kind] for q in report.questions}
            reading, report = self.read(case, given)
            assert not report.questions, report
        if case.refuses or (case.asks and not case.answers):
            return
        want = {
            key: value if isinstance(value, str) else Decimal(str(value))
            for key, value in case.reads.items()
        }
        assert self.values(reading) == want, report
        assert len(report.review) == case.review, report
        assert len(report.left) == case.left, report.left


def _test(case):
    return lambda self: self.check(case)


for number, one in enumerate(CASES):
    setattr(Workbooks, f"test_{number:03d} {one.key}", _test(one))
