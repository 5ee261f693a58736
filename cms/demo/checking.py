"""What somebody of the trade would look for in the city: each check yields sentences."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from django.db.models import Count, Exists, F, OuterRef, Q

from cms.demo.checks_over_time import headcount, lists, paid_in
from cms.demo.days import AS_OF, CUTOFF
from crm.common.days.calendar import load_calendar
from crm.common.days.clock import local_date
from crm.common.people.identity import actor_for
from crm.common.people.models import User
from crm.common.quantity import SCALE
from crm.common.records.models import Transition
from crm.common.slots.today import groups
from crm.models import Enterprise
from crm.selectors import department_called
from issues.enums import OPEN_STATUSES, AssignmentRole, IssueStatus
from issues.models import Issue, IssueAssignment, IssueCategory, Meeting
from profiles.enums import ValueType
from profiles.models import IndicatorVersion, Observation
from profiles.models.observations import ObservationQuerySet
from projects.enums import STAGES, Stage, Standing
from projects.models import Project

DATA = Path(__file__).resolve().parent / "data" / "city"
SHOWN = 5
# Days of building on new land (8 to 18 months) and in a rented or enlarged building.
BUILDING, FITTING_OUT = (235, 580), (80, 580)
# A stage takes at most so many days, building apart; between its first and its last day.
STAGE_DAYS = 700
# Honour -> indicator, words, fewest and most of a county-level city.
HONOURS = (
    ("小巨人", "srdi_level", "小巨人", 1, 15),
    ("专精特新", "srdi_level", "专精特新中小企业", 10, 90),
    ("AEO 高级认证", "customs_credit_grade", "高级认证企业", 1, 8),
    ("省级绿色工厂", "green_factory_level", "省级", 1, 20),
    ("国家级龙头企业", "agri_leading_level", "国家级", 0, 3),
)
# The beginning of a code's own part and the years it was given out in.
CODE_YEARS = (
    ("MA4", date(2015, 10, 1), date(2021, 12, 31)),
    ("MA7", date(2021, 1, 1), date(2022, 12, 31)),
    ("MAA", date(2021, 6, 1), date(2022, 12, 31)),
    ("MAB", date(2021, 6, 1), date(2022, 12, 31)),
    ("MAC", date(2022, 9, 1), date(2023, 12, 31)),
    ("MAD", date(2023, 9, 1), date(2024, 12, 31)),
)
MOST_OF_A_MONTH = 0.4
# Whose desk must not be empty on the day of the demo, and how full the agent's may be.
WORKING = ("agent", "handler", "lead")
DESK = (12, 24)
ARREARS = 12


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its key, what it looks at, and the function that yields what is wrong."""

    key: str
    words: str
    find: Callable[[], Iterator[str]]


def months() -> list[date]:
    """Return the first days of the 24 months of the city, the running one included."""
    first = [date(2022 + number // 12, number % 12 + 1, 1) for number in range(9, 33)]
    return [day for day in first if day <= AS_OF.date()]


def project_of_investor() -> Iterator[str]:
    """A project carries its enterprise's brand, industry, place and name."""
    rows = Project.objects.filter(enterprise__isnull=False).select_related("enterprise")
    for row in rows.exclude(standing=Standing.REMOVED).order_by("pk"):
        firm = row.enterprise
        if firm is None:
            continue
        if row.name[:2] not in firm.name:
            yield f"{row.code} {row.name}: not the brand of {firm.name}."
        if row.industry_id != firm.industry_id:
            yield f"{row.code} {row.name}: another industry than {firm.name}."
        if row.area_id != firm.area_id:
            yield f"{row.code} {row.name}: another place than {firm.name}."


def stage_dates() -> Iterator[str]:
    """Stages come in order and take a credible time; building takes 8 to 18 months."""
    moves = Transition.objects.filter(machine="projects.stage").order_by("at", "pk")
    dates: dict[int, dict[str, date]] = defaultdict(dict)
    for target, state, at in moves.values_list("target_id", "to_state", "at"):
        dates[target][state] = local_date(at)
    for row in Project.objects.exclude(standing=Standing.REMOVED).order_by("pk"):
        known = dates[row.pk]
        for before, after in pairwise(stage for stage in STAGES if stage in known):
            days = (known[after] - known[before]).days
            low, high = _span(row, before)
            if not low <= days <= high:
                yield f"{row.code} {row.name}: {days} days in “{before.value}”."


def _span(project: Project, stage: Stage) -> tuple[int, int]:
    if stage == Stage.STARTED:
        return BUILDING if project.land_mu else FITTING_OUT
    return (0, STAGE_DAYS)


def own_dates() -> Iterator[str]:
    """The dates on the project itself are in order and as long as building takes."""
    names = ("signed_on", "started_on", "completed_on", "produced_on")
    for row in Project.objects.exclude(standing=Standing.REMOVED).order_by("pk"):
        known = [day for day in (getattr(row, name) for name in names) if day]
        if known != sorted(known):
            yield f"{row.code}: signed, started, completed, producing are out of order."
        if row.started_on and row.completed_on:
            low, high = BUILDING if row.land_mu else FITTING_OUT
            days = (row.completed_on - row.started_on).days
            if not low <= days <= high:
                yield f"{row.code} {row.name}: a building of {days} days."


def funnel() -> Iterator[str]:
    """Leads outnumber talks; after the building site there are fewer and fewer."""
    rows = Project.objects.exclude(standing=Standing.REMOVED)
    count = Counter(rows.values_list("stage", flat=True))
    if count[Stage.LEAD] < count[Stage.NEGOTIATING]:
        yield f"{count[Stage.LEAD]} leads, but {count[Stage.NEGOTIATING]} in talks."
    late = [Stage.STARTED, Stage.COMPLETED, Stage.PRODUCING, Stage.ON_TARGET, Stage.LISTED]
    for before, after in pairwise(late):
        if count[after] > count[before]:
            yield f"{count[after]} “{after.value}”, but only {count[before]} “{before.value}”."
    total = sum(count.values()) or 1
    done = sum(count[stage] for stage in late[1:])
    if done > 0.4 * total:
        yield f"{done} of {total} projects are completed: more than the city could have built."
    if not 0.15 * total <= count[Stage.STARTED] <= 0.4 * total:
        yield f"{count[Stage.STARTED]} of {total} projects are being built."


def amounts() -> Iterator[str]:
    """Amounts vary, and of those that have land it is known how much."""
    rows = Project.objects.exclude(standing=Standing.REMOVED)
    after = rows.filter(stage__in=STAGES[STAGES.index(Stage.LAND) :])
    if (all_of_them := after.count()) and after.exclude(land_mu=None).count() < all_of_them / 3:
        yield f"Of {all_of_them} projects with land or a plant, hardly any says how much land."
    count = Counter(
        rows.exclude(agreed_investment_fen=None).values_list("agreed_investment_fen", flat=True)
    )
    for amount, times in count.most_common(SHOWN):
        if amount and times > max(6, 0.05 * sum(count.values())):
            yield f"{times} projects agreed on {amount // 1_000_000} 万元 each."


def monthly_sums() -> Iterator[str]:
    """Twelve months of revenue make the year's, within what accounts differ by."""
    names = {"operating_revenue": date(2023, 1, 1), "main_revenue": date(2023, 1, 1)}
    rows = Observation.objects.current().filter(
        indicator__code__in=names, period_start__year=2023, number_e4__isnull=False
    )
    month: dict[int, list[int]] = defaultdict(list)
    year: dict[int, int] = {}
    for firm, code, number in rows.values_list("enterprise_id", "indicator__code", "number_e4"):
        if code == "main_revenue":
            year[firm] = number or 0
        else:
            month[firm].append(number or 0)
    both = [firm for firm in year if len(month[firm]) == 12 and year[firm]]
    if not both:
        yield "No enterprise has twelve months of revenue and a year's: nothing adds up."
    for firm in both:
        share = sum(month[firm]) / year[firm]
        if not 0.98 <= share <= 1.06:
            yield f"Enterprise {firm}: its months are {share:.2f} of its year."


def whole_people() -> Iterator[str]:
    """Heads and counts are whole."""
    whole = IndicatorVersion.objects.in_force(CUTOFF).filter(value_type=ValueType.INT)
    rows = Observation.objects.current().filter(indicator__in=whole.values("indicator"))
    rows = rows.annotate(rest=F("number_e4") % SCALE).exclude(rest=0)
    for row in rows.select_related("indicator").order_by("pk")[:SHOWN]:
        if row.number_e4 is not None:
            yield f"Enterprise {row.enterprise_id}: {row.indicator.code} is {row.number_e4 / SCALE}."


def legal_values() -> Iterator[str]:
    """A category has one of its possible words, a number lies in its range."""
    for version in IndicatorVersion.objects.in_force(CUTOFF).select_related("indicator"):
        rows = Observation.objects.current().filter(indicator=version.indicator)
        if version.value_type == ValueType.CATEGORY:
            wrong = rows.exclude(text__in=version.legal_values) if version.legal_values else None
        else:
            wrong = _out_of_range(rows, version)
        if wrong is not None and (count := wrong.count()):
            yield f"{version.indicator.code}: {count} values that cannot be."


def _out_of_range(rows: ObservationQuerySet, version: IndicatorVersion) -> ObservationQuerySet:
    outside = Q(pk__in=())
    if version.plausible_min is not None:
        outside |= Q(number_e4__lt=int(version.plausible_min * SCALE))
    if version.plausible_max is not None:
        outside |= Q(number_e4__gt=int(version.plausible_max * SCALE))
    return rows.filter(outside)


def honours() -> Iterator[str]:
    """A county-level city has a handful of the highest honours."""
    for words, code, text, low, high in HONOURS:
        rows = Observation.objects.current().filter(indicator__code=code, text__contains=text)
        count = rows.values("enterprise").distinct().count()
        if not low <= count <= high:
            yield f"{words}: {count} enterprises; {low} to {high} can be believed."
    dates: dict[int, dict[str, str]] = defaultdict(dict)
    codes = ("hitech_cert_date", "hitech_expiry_date")
    rows = Observation.objects.current().filter(indicator__code__in=codes)
    for firm, code, text in rows.values_list("enterprise_id", "indicator__code", "text"):
        dates[firm][code] = text
    for firm, pair in dates.items():
        first, last = pair.get(codes[0]), pair.get(codes[1])
        if not first or not last or int(last[:4]) - int(first[:4]) != 3 or first[4:] != last[4:]:
            yield f"Enterprise {firm}: 高新技术企业 from {first} to {last} is not three years."


def code_years() -> Iterator[str]:
    """A code begins as codes did in the year of founding."""
    for row in Enterprise.objects.exclude(established_on=None).order_by("pk"):
        day, own = row.established_on or CUTOFF, row.uscc[8:11]
        fits = [first <= day <= last for head, first, last in CODE_YEARS if own == head]
        if own.startswith("MA") != (day >= date(2015, 10, 1)) or not all(fits):
            yield f"{row.name}: {row.uscc} was not given out in {day.year}."


def owners() -> Iterator[str]:
    """Every live issue is with a department, or is fresh, or says why it is with none."""
    mine = IssueAssignment.objects.filter(round__issue=OuterRef("pk"), withdrawn_at=None)
    rows = Issue.objects.filter(status__in=OPEN_STATUSES).exclude(Exists(mine))
    fresh = AS_OF - timedelta(days=7)
    for row in rows.exclude(status=IssueStatus.RETURNED).filter(received_at__lt=fresh):
        yield f"{row.number} {row.title}: nobody has it since {local_date(row.received_at)}."
    for row in rows.filter(status=IssueStatus.RETURNED):
        moves = Transition.objects.filter(
            machine="issues.issue", target_id=row.pk, to_state=IssueStatus.RETURNED
        )
        if not moves.exclude(reason="").exists():
            yield f"{row.number} {row.title}: returned without a reason."


def stories() -> list[dict[str, str]]:
    """Return the stories of the city as they stand in its data."""
    with (DATA / "issue_stories.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def departments() -> Iterator[str]:
    """An issue lies with a department that deals with such things."""
    right: dict[str, set[int]] = defaultdict(set)
    own: dict[str, set[int]] = defaultdict(set)
    for story in stories():
        unit = department_called(story["department"]).pk
        right[story["category"]].add(unit)
        own[story["title"]].add(unit)
    for category in IssueCategory.objects.filter(active=True, code__in=right):
        if category.department_id not in right[category.code]:
            yield f"{category.name}: {category.department} does not deal with this."
    rows = IssueAssignment.objects.filter(role=AssignmentRole.LEAD, withdrawn_at=None)
    for row in rows.select_related("round__issue__category", "department").order_by("pk"):
        issue = row.round.issue
        units = own.get(issue.title) or right.get(issue.category.code)
        if units and row.department_id not in units:
            yield f"{issue.number} {issue.title}: {row.department} does not deal with this."


def desks() -> Iterator[str]:
    """Everybody who works finds something due on the day of the demo; the agent no arrears."""
    today = AS_OF.date()
    for name in WORKING:
        user = User.objects.filter(username=name).first()
        if user is None:
            yield f"There is no account {name}."
            continue
        actor = actor_for(user)
        due = [row.due_on for group in groups() for row in group.rows(actor, today) if row.due_on]
        if today not in due:
            yield f"{name}: nothing is due on {today}."
        late = len([day for day in due if day < today])
        if name == "agent" and late > ARREARS:
            yield f"{name}: {late} rows of the desk are late."
        mine = Project.objects.running().filter(team__user=user, team__until=None)
        if name == "agent" and not DESK[0] <= (count := mine.distinct().count()) <= DESK[1]:
            yield f"{name}: {count} projects; {DESK[0]} to {DESK[1]} can be looked after."


def lively_months() -> Iterator[str]:
    """Every month has issues, meetings, projects and data, and none has most of them."""
    for noun, count in by_month().items():
        total = sum(count.values())
        for month in months():
            if not count[month] and not (noun == "projects" and month.month == AS_OF.month):
                yield f"{month:%Y-%m}: no {noun}."
        for month, number in sorted(count.items()):
            if number > MOST_OF_A_MONTH * total:
                yield f"{month:%Y-%m}: {number} of {total} {noun} in one month."


def by_month() -> dict[str, Counter[date]]:
    """Count issues, meetings, projects and data by month of the city's time."""
    queries = {
        "issues": (Issue, "received_at"),
        "meetings": (Meeting, "held_at"),
        "projects": (Project, "created_at"),
        "observations": (Observation, "recorded_at"),
    }
    found: dict[str, Counter[date]] = {noun: Counter() for noun in queries}
    for noun, (model, field) in queries.items():
        rows = model._default_manager.exclude(**{field: None}).order_by()
        counted = rows.values_list(field).annotate(number=Count("pk"))
        for at, number in counted:
            found[noun][_first(at)] += number
    return found


def _first(at: datetime) -> date:
    return local_date(at).replace(day=1)


def work_days() -> Iterator[str]:
    """Nobody meets on a day off."""
    calendar = load_calendar()
    for row in Meeting.objects.exclude(held_at=None).order_by("pk"):
        if row.held_at and not calendar.is_workday(local_date(row.held_at)):
            yield f"Meeting {row.number} was held on {local_date(row.held_at)}, a day off."


CHECKS = (
    Check("investor", "project and investor", project_of_investor),
    Check("stages", "time in the stages", stage_dates),
    Check("dates", "dates of the project", own_dates),
    Check("funnel", "the funnel narrows", funnel),
    Check("amounts", "amounts vary", amounts),
    Check("paid", "paid in as it is built", paid_in),
    Check("lists", "lists are done in their order", lists),
    Check("sums", "months make the year", monthly_sums),
    Check("people", "people are whole", whole_people),
    Check("headcount", "people do not jump", headcount),
    Check("values", "possible values", legal_values),
    Check("honours", "honours", honours),
    Check("codes", "codes fit the founding", code_years),
    Check("owners", "every live issue has an owner", owners),
    Check("departments", "the right department", departments),
    Check("desks", "something is due", desks),
    Check("months", "every month is lively", lively_months),
    Check("workdays", "no meeting on a day off", work_days),
)


def problems() -> dict[str, list[str]]:
    """Run all checks; return what is wrong by key, nothing for those that are content."""
    return {check.key: found for check in CHECKS if (found := list(check.find()))}
