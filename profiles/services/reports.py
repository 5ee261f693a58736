"""What an import says of a table: what it holds, what is wrong in it, what was stored."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.common.errors import UserFacingError
from profiles.services.questions import Question


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file, with its cell."""

    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row that no enterprise could be found for."""

    row: int
    code: str
    name: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What a file holds and what an import of it would do or did."""

    file: str
    department: str
    period: str = ""
    rows: int = 0
    columns: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    values: int = 0
    created: int = 0
    corrected: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    review: list[ReviewRow] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    # Columns, rows and sheets that are not taken, each with its place and why.
    left: list[Problem] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    batch_id: int | None = None
    already_imported: bool = False


class ImportRefused(UserFacingError):
    """The file has cells that cannot be read; nothing of it was stored."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        first = report.problems[0]
        super().__init__(
            _(
                "%(file)s was not imported: %(count)s cells cannot be read. "
                "The first is %(cell)s: %(text)s. Mend them and import the file again."
            )
            % {
                "file": report.file,
                "count": len(report.problems),
                "cell": first.cell,
                "text": first.text,
            }
        )


class ImportAsks(ImportRefused):
    """The file leaves something open that its department has to say; nothing of it was stored."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        UserFacingError.__init__(
            self,
            _(
                "%(file)s was not imported: %(count)s questions are open. "
                "The first is about %(cell)s: %(text)s Answers: %(answers)s."
            )
            % {
                "file": report.file,
                "count": len(report.questions),
                "cell": report.questions[0].cell or report.file,
                "text": report.questions[0].text,
                "answers": _(", ").join(
                    f"{report.questions[0].key}={choice.key} {choice.text}"
                    for choice in report.questions[0].choices
                ),
            },
        )
