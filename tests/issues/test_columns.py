"""The columns of the lists of issues draw what their rows hold, without asking for each row."""

import pytest

from issues.tables import ISSUES, OWN_ISSUES
from tests.crm.factories import acting
from tests.issues.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("spec", [ISSUES, OWN_ISSUES], ids=lambda spec: spec.key)
def test_no_column_asks_the_database_for_its_row(spec, django_assert_num_queries):
    cast = Cast()
    issue = cast.log()
    actor = acting(cast.member if spec is OWN_ISSUES else cast.lead)
    (row,) = spec.for_page(spec.rows(actor))
    with django_assert_num_queries(0):
        drawn = {column.key: str((column.cell or column.value)(row)) for column in spec.columns}
    assert drawn["category"] == issue.category.name
    assert drawn["enterprise"] == issue.enterprise.name
