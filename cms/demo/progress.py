"""Time passes over the demo city's issues: each goes as far as its story and its step say."""

from datetime import date, datetime, timedelta

from cms.demo.days import AS_OF
from cms.demo.told import Ledger, Told
from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from issues import services
from issues.enums import IssueSource, IssueStatus, Outcome

# How many of a hundred enterprises say what, and give how many stars.
SAID = ((87, Outcome.SOLVED), (10, Outcome.PARTLY), (3, ""))
STARS = (5,) * 46 + (4,) * 36 + (3,) * 13 + (2,) * 4 + (1,)
LATE_SHARE = 0.09
REFUSED_EVERY, MOST_REFUSED = 37, 5
# So many solved ones come up again, all before summer.
COME_BACK, BACK_UNTIL = 4, date(2024, 5, 31)
REVIEWS = (date(2024, 9, 30), date(2024, 12, 12))


class Progress:
    """Walks every issue to where it stands this morning."""

    def __init__(self, maker: Ledger) -> None:
        self.maker, self.rng, self.calendar = maker, maker.rng, maker.calendar
        self.lead, self.world = maker.lead, maker.world
        self.now = AS_OF - timedelta(minutes=10)
        self.came_back = 0

    def run(self) -> None:
        """Walk on all issues, oldest first."""
        refused = 0
        for number, told in enumerate(sorted(self.maker.told, key=lambda row: row.at), start=1):
            old = not told.step
            if old and number % REFUSED_EVERY == 0 and refused < MOST_REFUSED:
                told.step = "refused"
                refused += 1
            self._walk(told)

    def later(self, moment: datetime, hours: float) -> datetime:
        """Return a moment so many hours on, in office hours, but never after this morning."""
        at = moment + timedelta(hours=hours)
        if at.hour >= 17 or not self.calendar.is_workday(local_date(at)):
            day = self.calendar.next_workday(local_date(at) + timedelta(days=at.hour >= 17))
            at = self.world.moment(day, 9, 10 + at.minute // 2)
        return at if at < self.now else max(self.now, moment + timedelta(seconds=30))

    def _walk(self, told: Told) -> None:
        issue = told.issue
        issue.refresh_from_db()
        at = self.later(max(told.at, issue.updated_at), 1)
        if told.step == "received":
            return
        if issue.status == IssueStatus.RECEIVED:
            if told.step == "refused":
                services.refuse_issue(
                    actor=self.lead,
                    at=at,
                    issue=issue,
                    reason="属合同纠纷，请走仲裁或诉讼，已当面说明并留了法律援助电话。",
                )
                return
            services.assign_issue(
                actor=self.maker.agent_of(issue.area_id),
                at=at,
                issue=issue,
                department=told.story.department,
            )
        self._sign(told, at)

    def _sign(self, told: Told, at: datetime) -> None:
        issue, step, handler = told.issue, told.step, self.maker.handler_of(told.story)
        if step == "assigned":
            return
        if step == "returned":
            services.return_issue(
                actor=handler,
                at=self.later(at, 3),
                issue=issue,
                reason="不在本单位职责内，建议转相关主管部门牵头。",
            )
            return
        at = self.later(at, 2)
        services.sign_for(actor=handler, at=at, issue=issue)
        if step == "signed":
            return
        if step == "parked":
            self._park(told, at)
            return
        at = self.later(at, 4)
        services.start_handling(actor=handler, at=at, issue=issue)
        if step == "extended":
            services.extend_issue(
                actor=self.lead,
                at=self.later(at, 3),
                issue=issue,
                due_on=max(date(2024, 9, 18), self.calendar.add_workdays(issue.due_on, 3)),
                reason="设备到货推迟，已与企业说明并约好新的日子。",
            )
        elif step != "handling":
            self._answer(told, at, handler)

    def _park(self, told: Told, at: datetime) -> None:
        services.park_issue(
            actor=self.lead,
            at=self.later(at, 3),
            issue=told.issue,
            review_on=REVIEWS[told.issue.pk % 2],
            reason="要等上级政策明确，按季度复核。",
        )

    def _answer(self, told: Told, start: datetime, handler: Actor) -> None:
        issue, began = told.issue, local_date(start)
        limit = self.calendar.workdays_between(local_date(told.at), issue.due_on)
        # The enterprise speaks, somebody looks, somebody strikes off: that takes days as well.
        days = max(1, min(told.story.days, limit - (3 if limit > 4 else 2)))
        if not told.step and self.rng.random() < LATE_SHARE:
            days = limit + self.rng.randint(0, 3)
        day = max(self.calendar.add_workdays(local_date(told.at), days), began)
        at = max(self.world.moment(day, 10, 20), start + timedelta(hours=1))
        at = min(at, self.now - timedelta(minutes=40))
        at = max(at, start + timedelta(minutes=1))
        if issue.enterprise is not None:
            # Whoever is to be asked whether it is solved needs somebody in the portal.
            self.maker.speaker(issue.enterprise)
        services.answer_issue(
            actor=handler,
            at=at,
            issue=issue,
            text=told.story.answer,
            evidence=[self.maker.photo(told.story.scene, True)],
        )
        if told.step != "answered":
            self._say(told, at, handler)

    def _say(self, told: Told, answered: datetime, handler: Actor) -> None:
        """Let the enterprise speak, or keep silent; then verify and strike off."""
        issue, at = told.issue, self.later(answered, 20)
        if issue.enterprise is None:
            raise ValueError("only issues of enterprises are walked on")
        speaker = self.maker.speaker(issue.enterprise)
        said = Outcome.SOLVED if told.step else self._drawn()
        if said == Outcome.PARTLY:
            services.confirm_by_enterprise(
                actor=speaker,
                at=at,
                issue=issue,
                outcome=Outcome.PARTLY,
                words="好了一半，还差收尾。",
            )
            at = self.later(at, 44)
            services.answer_issue(
                actor=handler,
                at=at,
                issue=issue,
                text=f"已收尾。{told.story.answer}",
                evidence=[self.maker.photo(told.story.scene, True)],
            )
            at = self.later(at, 20)
        if said:
            services.confirm_by_enterprise(
                actor=speaker,
                at=at,
                issue=issue,
                outcome=Outcome.SOLVED,
                stars=self.rng.choice(STARS),
                words=told.story.reply,
            )
        at = self.later(at, 1)
        agent = self.maker.agent_of(issue.area_id)
        services.verify_issue(actor=agent, at=at, issue=issue)
        if told.step != "verified":
            self._close(told, at, bool(said))
            if said and not told.step:
                self._again(told, speaker)

    def _again(self, told: Told, speaker: Actor) -> None:
        """Let a few of the solved ones come back within the 90 days, and be solved for good."""
        closed = told.issue.closed_at
        if closed is None or local_date(closed) > BACK_UNTIL or self.came_back >= COME_BACK:
            return
        if local_date(closed).month % 6:
            return
        self.came_back += 1
        day = self.calendar.add_workdays(local_date(closed), 12 + 9 * self.came_back)
        at = self.world.moment(day, 10, 15)
        services.log_issue(
            actor=speaker,
            at=at,
            enterprise=told.issue.enterprise,
            project=told.issue.project,
            category=told.issue.category,
            verbatim=f"又出现了，和上次一样：{told.story.said}",
            severity=told.issue.severity,
            kind=told.issue.kind,
            source=IssueSource.PORTAL,
            reopens=True,
        )
        self._walk(Told(told.issue, told.story, at, step="again"))

    def _drawn(self) -> str:
        said, weights = [row[1] for row in SAID], [row[0] for row in SAID]
        return self.rng.choices(said, weights)[0]

    def _close(self, told: Told, at: datetime, spoken: bool) -> None:
        issue = told.issue
        if spoken:
            services.close_issue(actor=self.lead, at=self.later(at, 3), issue=issue)
            return
        limit = issue.current.confirm_due_on or local_date(at)
        day = self.calendar.add_workdays(limit, 1)
        services.close_unconfirmed(
            actor=self.lead,
            at=max(self.world.moment(day, 16), at),
            issue=issue,
            reason="两次电话和一条短信询问，企业没有答复。",
        )
