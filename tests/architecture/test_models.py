"""Keys point down, rows are scoped, models do no hidden work."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.db import models
from django.db.models import signals
from django.dispatch import Signal
from django.test.utils import isolate_apps

from crm.common.records.transitions import MACHINES, Machine, Move
from tests.architecture import guards

OURS = [model for model in apps.get_models() if model._meta.app_label in guards.LABELS]
BUSINESS = [model for model in OURS if model._meta.app_label != "common"]
# Business models that carry no rows of any enterprise, with the reason. Anything else answers
# through visible_to.
UNSCOPED = {
    "cms.BasePage": "Wagtail asks its own page permissions; the public sees what is published",
    "cms.HomePage": "as BasePage",
    "crm.Park": "the parks of the city, the same for everybody",
}


def test_keys_point_down_the_import_order():
    assert guards.upward_keys(OURS) == []


@isolate_apps("crm", "issues")
def test_a_planted_key_upwards_is_found():
    class Later(models.Model):
        class Meta:
            app_label = "issues"

    class Earlier(models.Model):
        later = models.ForeignKey(Later, models.CASCADE)

        class Meta:
            app_label = "crm"

    assert guards.upward_keys([Earlier, Later]) == ["crm.Earlier.later -> Later"]


def test_every_business_model_says_whose_rows_are_whose():
    unexcused = set(guards.without_scope(BUSINESS)) - set(UNSCOPED)
    assert not unexcused, f"give these a QuerySet with visible_to: {sorted(unexcused)}"


def test_no_excuse_from_scoping_is_stale():
    known = {model._meta.label for model in BUSINESS}
    unscoped = set(guards.without_scope(BUSINESS))
    stale = {label for label in UNSCOPED if label in known and label not in unscoped}
    assert not stale, f"these are scoped now, strike them off: {sorted(stale)}"


@isolate_apps("crm")
def test_a_planted_unscoped_model_is_found():
    class Secret(models.Model):
        class Meta:
            app_label = "crm"

    assert guards.without_scope([Secret]) == ["crm.Secret"]


def test_nothing_happens_by_signal():
    found = [line for path in guards.sources(guards.ROOT) for line in guards.signal_use(path)]
    assert found == []
    assert (
        guards.live_receivers(
            value for value in vars(signals).values() if isinstance(value, Signal)
        )
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "from django.db.models.signals import post_save\n",
        "from django.dispatch import receiver\n",
        "from django.db.models import signals\nsignals.post_save.connect(print)\n",
    ],
)
def test_a_planted_signal_receiver_is_found(tmp_path, text):
    planted = tmp_path / "subscribers.py"
    planted.write_text(text)
    assert guards.signal_use(planted)


def test_a_planted_live_receiver_is_found():
    def receiver(**kwargs): ...

    receiver.__module__ = "issues.subscribers"
    signal = Signal()
    signal.connect(receiver)
    assert guards.live_receivers([signal])


def test_models_hide_no_work_in_save():
    found = [
        line
        for path in guards.sources(guards.ROOT)
        if "models" in path.parts or path.name == "models.py"
        for line in guards.save_overrides(path)
    ]
    assert found == []


def test_a_planted_save_override_is_found(tmp_path):
    planted = tmp_path / "models.py"
    planted.write_text("class A:\n    def save(self, **kw):\n        super().save(**kw)\n")
    assert guards.save_overrides(planted)


def _machines():
    for room in guards.ROOMS:
        if find_spec(f"{room}.states"):
            import_module(f"{room}.states")
    return MACHINES


def test_every_state_of_every_machine_can_be_reached():
    lost = {key: found for key, m in _machines().items() if (found := guards.unreachable(m))}
    assert lost == {}


def test_every_state_and_move_has_words():
    for machine in _machines().values():
        assert all(str(label).strip() for label in machine.labels.values()), machine.key
        assert all(str(move.label).strip() for move in machine.moves.values()), machine.key


def test_a_planted_unreachable_state_is_found():
    move = Move("go", frozenset({"a"}), "b", "go", lambda actor, obj: True)
    machine = Machine("planted", initial="a", labels={"a": "A", "b": "B", "c": "C"}, moves=[move])
    MACHINES.pop("planted")
    assert guards.unreachable(machine) == {"c"}
