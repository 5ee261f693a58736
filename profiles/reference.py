"""The profile room's catalogue: the indicators, the labels."""

from datetime import date

from crm.common.slots.reference import Loader, register
from profiles.services import load_indicators, load_labels


def _load(day: date) -> dict[str, int]:
    return {"indicators": load_indicators(day), "labels": load_labels(day)}


register(Loader("profiles", 40, _load))
