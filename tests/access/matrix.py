"""The questions: every address of ours, of an own and of a foreign record, read and written to.

`tests/access_matrix.csv` holds the answers: one row for a view, a record and a method, one column
for a person. What no table may say, whoever wrote it, is in `breaches`.
"""

import csv
import io
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from crm.common.outbox.addresses import token_of
from crm.common.people.doors import Door

METHODS = ("GET", "POST")
INSIDE, OUTSIDE, NONE = "inside", "outside", "–"
# What the arguments of an address are, by the beginning of its name. The longest counts.
RECORDS = {
    "staff:common:work_retry": lambda s, p, w: ["jobs"],
    "staff:common:calendar_withdraw": lambda s, p, w: [w.exception.pk],
    "staff:common:catalogue_one": lambda s, p, w: ["indicators"],
    "staff:common:catalogue_": lambda s, p, w: ["indicators", w.indicator.pk],
    "staff:crm:enterprise_": lambda s, p, w: [s.enterprise.pk],
    "staff:crm:visit_create": lambda s, p, w: [s.enterprise.pk],
    "staff:crm:contact_create": lambda s, p, w: [s.enterprise.pk],
    "staff:crm:contact_": lambda s, p, w: [s.contact.pk],
    "staff:crm:merge_undo": lambda s, p, w: [s.merge.pk],
    "staff:crm:account_act": lambda s, p, w: [s.helper.pk, "sessions"],
    "staff:crm:account_": lambda s, p, w: [s.helper.pk],
    "staff:projects:project_move": lambda s, p, w: [s.project.pk, "to_negotiating"],
    "staff:projects:team_edit": lambda s, p, w: [s.project.pk, "agent"],
    "staff:projects:team_leave": lambda s, p, w: [s.place.pk],
    "staff:projects:item_create": lambda s, p, w: [s.project.pk],
    "staff:projects:item_move": lambda s, p, w: [s.item.pk, "finish"],
    "staff:projects:item_place": lambda s, p, w: [s.item.pk, "up"],
    "staff:projects:item_": lambda s, p, w: [s.item.pk],
    "staff:projects:approval_create": lambda s, p, w: [s.project.pk],
    "staff:projects:approval_move": lambda s, p, w: [s.approval.pk, "gather"],
    "staff:projects:relief_move": lambda s, p, w: [s.relief.pk, "decide"],
    "staff:projects:project_": lambda s, p, w: [s.project.pk],
    "staff:issues:issue_move": lambda s, p, w: [s.issue.pk, "sign"],
    "staff:issues:issue_": lambda s, p, w: [s.issue.pk],
    "staff:issues:sweep_move": lambda s, p, w: [s.sweep.pk, "close"],
    "staff:issues:sweep_detail": lambda s, p, w: [s.sweep.pk],
    "staff:issues:sweep_remind": lambda s, p, w: [s.sweep.pk],
    "staff:issues:sweep_": lambda s, p, w: [s.target.pk],
    "staff:issues:meeting_move": lambda s, p, w: [s.meeting.pk, "cancel"],
    "staff:issues:meeting_detail": lambda s, p, w: [s.meeting.pk],
    "staff:issues:matter_": lambda s, p, w: [s.meeting.pk],
    "staff:issues:minutes_edit": lambda s, p, w: [s.meeting.pk],
    "staff:issues:minutes_file": lambda s, p, w: [s.meeting.pk, "docx"],
    "staff:profiles:import_detail": lambda s, p, w: [s.batch.pk],
    "staff:profiles:batch_move": lambda s, p, w: [s.batch.pk, "roll_back"],
    "staff:profiles:value_history": lambda s, p, w: [s.enterprise.pk, s.indicator.pk],
    "staff:profiles:import_answer": lambda s, p, w: [_mine(s, p, w)["import"].pk],
    "staff:profiles:label_": lambda s, p, w: [w.label.code],
    "staff:profiles:warning_": lambda s, p, w: [s.warning.pk],
    "staff:profiles:": lambda s, p, w: [s.enterprise.pk],
    "staff:policy_match:version_move": lambda s, p, w: [w.version.pk, "submit"],
    "staff:policy_match:": lambda s, p, w: [w.clause.pk],
    "staff:cms:figure_detail": lambda s, p, w: ["2024-08", "projects"],
    "staff:cms:bulletin_detail": lambda s, p, w: ["2024-08"],
    "portal:issues:": lambda s, p, w: [s.issue.pk],
    "portal:profiles:": lambda s, p, w: [s.enterprise.pk],
    "portal:policy_match:": lambda s, p, w: [s.push.pk],
    "issues_public:confirm": lambda s, p, w: [s.token if s is w.inside else "x" * 20],
    "file_download": lambda s, p, w: [s.file.pk],
    "job_": lambda s, p, w: [_mine(s, p, w)["job"].pk],
    "inbox_open": lambda s, p, w: [_mine(s, p, w)["message"].pk],
    "view_delete": lambda s, p, w: [_mine(s, p, w)["view"].pk],
    "address_confirm": lambda s, p, w: [token_of(_mine(s, p, w)["point"])],
    "address_ask": lambda s, p, w: [_mine(s, p, w)["point"].pk],
    "address_remove": lambda s, p, w: [_mine(s, p, w)["point"].pk],
    "comment_add": lambda s, p, w: ["issues.issue", s.issue.pk],
    "comment_withdraw": lambda s, p, w: [_mine(s, p, w)["comment"].pk],
    "account_confirm_email": lambda s, p, w: ["MQ:abc"],
    "account_reset_password_from_key": lambda s, p, w: ["1", "abc-def"],
    "wagtail_serve": lambda s, p, w: ["nowhere/"],
    "wagtailcore_authenticate_with_password": lambda s, p, w: [1, 1],
    "planted": lambda s, p, w: [s.issue.pk],
}
# What an address asks for beside its arguments.
SENT = {
    "staff:issues:meeting_request": lambda s, w: {"about": f"i:{s.issue.pk}"},
    "staff:issues:matter_add": lambda s, w: {"about": f"p:{s.project.pk}"},
    "staff:projects:item_place": lambda s, w: {"beside": s.item.pk},
    "comment_add": lambda s, w: {"text": "已联系。"},
}
# Addresses that concern no single place: asked once.
OF_THE_CITY = (
    "staff:common:work_retry", "staff:common:ca", "staff:policy_match:", "staff:profiles:label_", "staff:cms:", "account_", "wagtail",
)  # fmt: skip
# Roles that read the records of the whole city (docs/access.md).
SEE_ALL = {"leader", "auditor"}
REFUSED = {"403", "404", "405", "410"}


def _mine(side, person, world):
    return person.own if side is world.inside else person.foreign


def named_views(patterns, prefix=""):
    """Yield (name, view, whether it has arguments) of every address that has a name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            if not str(pattern.pattern).startswith("cms/"):
                yield from named_views(pattern.url_patterns, prefix + space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            asks = bool(pattern.pattern.regex.groups)
            yield prefix + pattern.name, pattern.callback, asks


def record_of(name):
    """Return how the arguments of an address are found; None where nobody said."""
    return RECORDS.get(max((key for key in RECORDS if name.startswith(key)), key=len, default=""))


def without_record(views):
    """Return the addresses with arguments for which nobody said which record to ask for."""
    return sorted({name for name, _view, asks in views if asks and record_of(name) is None})


def _sides(name, asks, world):
    if name.startswith(OF_THE_CITY) or not (asks or name in SENT):
        return {NONE: world.inside}
    return {INSIDE: world.inside, OUTSIDE: world.outside}


class Asker:
    """One person's browser: what an answer changed is taken back."""

    def __init__(self, person):
        self.person, self.client = person, Client(raise_request_exception=False)
        if person.user is not None:
            self.client.force_login(person.user)

    def ask(self, method, url, data):
        """Return the status as the table writes it."""
        kept = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        with transaction.atomic():
            answer = getattr(self.client, method.lower())(url, data)
            if answer.streaming:
                list(answer.streaming_content)
            transaction.set_rollback(True)
        self.client.cookies = kept
        return str(answer.status_code)


def ask_all(world, views):
    """Return {(view, record, method): {person: status}}."""
    askers = [Asker(person) for person in world.people]
    table = {}
    for name, _view, asks in views:
        for record, side in _sides(name, asks, world).items():
            for asker in askers:
                args = record_of(name)(side, asker.person, world) if asks else []
                data = SENT[name](side, world) if name in SENT else {}
                for method in METHODS:
                    row = table.setdefault((name, record, method), {})
                    row[asker.person.name] = asker.ask(method, reverse(name, args=args), data)
    return table


def written(table):
    """Return the table as it is checked in."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\n")
    people = list(next(iter(table.values())))
    out.writerow(["view", "record", "method", *people])
    for key in sorted(table):
        out.writerow([*key, *(table[key][who] for who in people)])
    return stream.getvalue()


def _shut_out(door, who):
    """Say whether a door does not open to a role."""
    return isinstance(door, Door) and bool(door.roles) and who not in door.roles


def breaches(table, views, excused=()):
    """Return what no table may hold, in sentences.

    A role outside a door is told 403 on a record that exists; a foreign record does not exist
    for anybody who does not read the whole city; a visitor is led to sign in; nothing breaks.
    """
    doors = {name: getattr(view, "door", None) for name, view, _asks in views}
    found = []
    for (name, record, method), row in table.items():
        door = doors[name]
        for who, status in row.items():
            said = f"{name} {record} {method} {who}: {status}"
            if int(status) >= 500:
                found.append(f"{said}, it breaks")
            elif who == "public" and isinstance(door, Door) and not door.public:
                found += [f"{said}, not led to sign in"] if status != "302" else []
            elif _shut_out(door, who) and status not in ("403", "405"):
                found.append(f"{said}, the door stands open")
            elif record == OUTSIDE and who not in SEE_ALL and status not in REFUSED:
                found += [said + ", a foreign record"] if (name, who) not in excused else []
    return found


def asleep(table):
    """Return the addresses whose own record nobody reaches: the question asks for nothing."""
    reached = {}
    for (name, record, _method), row in table.items():
        if record == INSIDE:
            answers = {row[who] for who in row if who != "public" or name.startswith("issues_pub")}
            reached[name] = reached.get(name, False) or bool(answers - REFUSED)
    return sorted(name for name, found in reached.items() if not found)


def stale(excused, table):
    """Return the excuses that nothing needs any more."""
    used = {
        (name, who)
        for (name, record, method), row in table.items()
        if record == OUTSIDE
        for who, status in row.items()
        if who not in SEE_ALL and status not in REFUSED
    }
    return sorted(set(excused) - used)
