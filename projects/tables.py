"""The list of projects: its columns, how they are drawn, what can be done to many at once."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days import clock
from crm.common.face.lists import (
    BulkAction,
    Column,
    ListSpec,
    Phone,
    Preset,
    cells,
    export_rows,
    register,
)
from projects.enums import Light, Stage, Standing
from projects.filters import ProjectFilter
from projects.models import Project

# What the columns draw; anything else would cost a query a row, which the counts of queries catch.
DRAWN = (
    *("name", "investor", "code", "stage", "standing", "light", "late", "soon"),
    *("area__name", "agreed_investment_fen", "created_at"),
)


def _name(project: Project) -> SafeString:
    url = cells.address("staff:projects:project_detail", project.pk)
    return cells.link(url, project.name, project.investor)


def _light(project: Project) -> SafeString:
    if project.is_stopped:
        return cells.lamp("hold", cells.choice(Standing, project.standing))
    if project.late:
        return cells.lamp("over", _("%(n)s late") % {"n": project.late})
    if project.soon:
        return cells.lamp("risk", _("%(n)s due soon") % {"n": project.soon})
    return cells.lamp("ok", _("Normal"))


PROJECTS = register(
    ListSpec(
        key="projects.projects",
        title=gettext_lazy("Projects"),
        template="projects/project_list.html",
        rows=Project.objects.visible_to,
        filterset=ProjectFilter,
        default_sort="-registered",
        columns=(
            Column(
                "name",
                gettext_lazy("Project"),
                lambda p: p.name,
                cell=_name,
                sort=("name",),
                optional=False,
                phone=Phone.MAIN,
            ),
            Column(
                "code",
                gettext_lazy("Number"),
                lambda p: p.code,
                sort=("code",),
                phone=Phone.HIDDEN,
                cell_css="nowrap ink-2",
            ),
            Column(
                "stage",
                gettext_lazy("Stage"),
                lambda p: cells.choice(Stage, p.stage),
                sort=("stage",),
                cell_css="nowrap",
            ),
            Column(
                "light",
                gettext_lazy("Light"),
                lambda p: cells.choice(Light, p.light),
                cell=_light,
                cell_css="nowrap",
            ),
            Column("area", gettext_lazy("Area"), lambda p: p.area.name, cell_css="nowrap"),
            Column(
                "investment",
                gettext_lazy("Agreed investment"),
                lambda p: (p.agreed_investment_fen or 0) / 100,
                cell=lambda p: cells.yi(p.agreed_investment_fen),
                sort=("agreed_investment_fen",),
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "registered",
                gettext_lazy("Registered"),
                lambda p: clock.local_date(p.created_at),
                cell=lambda p: cells.iso_day(p.created_at),
                sort=("created_at",),
                css="as-xl",
                phone=Phone.HIDDEN,
                cell_css="nowrap",
            ),
        ),
        for_page=lambda rows: rows.select_related("area").only(*DRAWN),
        presets=lambda actor: [
            Preset(gettext_lazy("All"), ""),
            Preset(gettext_lazy("Mine"), "team=mine"),
            Preset(gettext_lazy("Late"), "light=over"),
            Preset(gettext_lazy("At risk"), "light=risk"),
        ],
        bulk=(
            BulkAction(
                "export",
                gettext_lazy("Export selected"),
                "file-spreadsheet",
                allowed=lambda actor: actor.is_staff,
                answer=export_rows,
            ),
        ),
    )
)
