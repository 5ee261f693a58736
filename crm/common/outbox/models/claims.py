"""Columns of all work that is claimed, tried, finished or given up."""

from django.db import models

from crm.common.outbox.enums import WorkState

OPEN = (WorkState.WAITING, WorkState.RUNNING)
# A row is done with, or it waits for a moment: what waits without one is held back.
ENDED_IFF = models.Q(state__in=OPEN, ended_at__isnull=True) | (
    ~models.Q(state__in=OPEN) & models.Q(ended_at__isnull=False)
)
TOKEN_IFF = models.Q(state=WorkState.RUNNING, claim_token__isnull=False) | (
    ~models.Q(state=WorkState.RUNNING) & models.Q(claim_token__isnull=True)
)


class ClaimedWork(models.Model):
    """One piece of work; whoever holds its token, and nobody else, may end it.

    `due_at` is when it may next be claimed: while it runs, the moment its claim lapses. Times
    here are the machine's.
    """

    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=ENDED_IFF, name="%(app_label)s_%(class)s_ended_iff"),
            models.CheckConstraint(condition=TOKEN_IFF, name="%(app_label)s_%(class)s_token_iff"),
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state not in OPEN

    @property
    def lamp(self) -> str:
        """The lamp of its state."""
        lamps = {WorkState.DONE: "done", WorkState.RUNNING: "ok", WorkState.WAITING: "todo"}
        return lamps.get(WorkState(self.state), "hold" if not self.is_dead else "risk")

    @property
    def is_dead(self) -> bool:
        """Whether it was given up and waits for an administrator."""
        return self.state == WorkState.DEAD
