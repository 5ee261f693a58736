"""The facts a rule may ask for: the columns of snapshots, and the vocabulary of the language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.enums import RegistrationStatus
from crm.models import Area, Industry
from crm.models.places import TreeNode
from profiles.enums import Sensitivity, ValueType
from profiles.features.derived import DERIVED
from profiles.features.windows import Window, windows_of
from profiles.models import Indicator, IndicatorVersion
from profiles.rules import Catalogue, CodeTree, EventType, FeatureType, Shape

ATTRIBUTES = {
    "enterprise.industry": _("industry"),
    "enterprise.area": _("area"),
    "enterprise.status": _("registration status"),
    "enterprise.established_on": _("date of establishment"),
}

_ATTRIBUTE_TYPES = {"enterprise.established_on": ValueType.DATE}


@dataclass(frozen=True, slots=True)
class Feature:
    """A fact by its key: an indicator in a window (`code@latest`), an attribute of the
    enterprise, or one that is derived.

    Everything of it is as the catalogue said on the day that was asked for. A derived fact names
    the indicator of whoever answers for it.
    """

    key: str
    label: str
    unit: str
    value_type: str
    department: str
    indicator_id: int | None = None
    sensitivity: str = Sensitivity.OPEN
    legal_values: tuple[str, ...] = ()
    window: Window | None = None
    period: str = ""
    aggregation: str = ""
    fresh_days: int = 0

    @property
    def is_confidential(self) -> bool:
        """Whether a rule may rest on it only with the enterprise's consent."""
        return self.sensitivity == Sensitivity.CONFIDENTIAL


def catalogue(on: date) -> dict[str, Feature]:
    """Return every feature a rule may ask for, by the catalogue in force on a day."""
    features = {
        key: Feature(key, str(label), "", _ATTRIBUTE_TYPES.get(key, ValueType.CATEGORY), "")
        for key, label in ATTRIBUTES.items()
    }
    rows = IndicatorVersion.objects.in_force(on).select_related("indicator", "department")
    for row in rows.order_by("indicator_id"):
        for window in windows_of(row.period, row.value_type, row.aggregation):
            feature = _in_window(row, window)
            features[feature.key] = feature
    return features | _derived(features)


def _in_window(row: IndicatorVersion, window: Window) -> Feature:
    unit, value_type, legal = row.unit, row.value_type, tuple(row.legal_values)
    if window is Window.GROWTH:
        unit, value_type = "%", ValueType.DECIMAL
    elif window is Window.SINCE:
        unit, value_type, legal = "", ValueType.DATE, ()
    return Feature(
        f"{row.code}@{window}",
        window.named(row.name),
        unit,
        value_type,
        row.department.short_name,
        row.indicator_id,
        row.sensitivity,
        legal,
        window,
        row.period,
        row.aggregation,
        row.fresh_days,
    )


def _derived(known: dict[str, Feature]) -> dict[str, Feature]:
    found = {}
    for one in DERIVED:
        sources = [known[key] for key in one.of if key in known and known[key].indicator_id]
        if not sources:
            continue
        confidential = [source for source in sources if source.is_confidential]
        answers = (confidential or sources)[0]
        found[one.key] = Feature(
            one.key,
            one.label,
            one.unit,
            one.value_type,
            answers.department,
            answers.indicator_id,
            answers.sensitivity,
            one.legal_values,
        )
    return found


_SHAPES = {
    ValueType.DECIMAL: Shape.NUMBER,
    ValueType.INT: Shape.NUMBER,
    ValueType.BOOL: Shape.FLAG,
    ValueType.DATE: Shape.DATE,
    ValueType.CATEGORY: Shape.TEXT,
}
REGISTER = "市场监管局"


@dataclass(frozen=True, slots=True)
class Qualification:
    """A qualification or event, and the indicators that say when it stood and at which level.

    `since` and `until` are dates, `level` a category; without `until` it lasts `years` where
    any are set, else it stays. A level that is none of `levels` (无) says: there is none.
    """

    label: str
    label_en: str
    since: str = ""
    until: str = ""
    level: str = ""
    flag: str = ""
    years: int = 0
    levels: tuple[str, ...] = ()

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators it is read from."""
        return tuple(filter(None, (self.since, self.until, self.level, self.flag)))


LEVELS = ("市级", "省级", "国家级")
QUALIFICATIONS = {
    "hitech": Qualification(
        "高新技术企业资格",
        "high-tech enterprise status",
        since="hitech_cert_date",
        until="hitech_expiry_date",
    ),
    "srdi": Qualification(
        "优质中小企业称号",
        "SRDI title",
        since="srdi_cert_date",
        level="srdi_level",
        years=3,
        levels=("科技和创新型", "专精特新", "小巨人"),
    ),
    "above_scale": Qualification(
        "规上（限上）单位身份", "above-scale status", since="above_scale_date"
    ),
    "first_export": Qualification("首次出口实绩", "first export", since="first_export_date"),
    "green_factory": Qualification(
        "绿色工厂", "green factory", level="green_factory_level", levels=LEVELS
    ),
    "smart_factory": Qualification(
        "智能工厂", "smart factory", level="smart_factory_level", levels=LEVELS
    ),
    "agri_leading": Qualification(
        "农业产业化龙头企业",
        "leading agricultural enterprise",
        level="agri_leading_level",
        levels=LEVELS,
    ),
    "rd_platform": Qualification(
        "研发平台", "R&D platform", level="rd_platform_level", levels=LEVELS
    ),
    "listing": Qualification(
        "上市进程",
        "listing stage",
        level="listing_stage",
        levels=("股改", "辅导", "受理", "过会", "上市"),
    ),
    "single_champion": Qualification(
        "制造业单项冠军", "manufacturing champion", flag="single_champion_flag"
    ),
}


def indicator_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the indicators behind some codes; attributes of the register have none."""
    rows = Indicator.objects.filter(code__in=list(codes))
    return dict(rows.values_list("code", "pk"))


def language(on: date) -> Catalogue:
    """Return everything a rule may ask for, by the catalogue in force on a day."""
    rows = IndicatorVersion.objects.in_force(on).select_related("indicator", "department")
    found = _attributes()
    for row in rows.order_by("indicator_id"):
        found[row.code] = FeatureType(
            _SHAPES[ValueType(row.value_type)],
            row.unit,
            row.name,
            row.name_en,
            row.department.short_name,
            row.period,
            row.aggregation,
            row.fresh_days,
            tuple(row.legal_values),
        )
    events = {
        name: EventType(known.label, known.label_en, found[known.indicators[0]].owner, known.levels)
        for name, known in QUALIFICATIONS.items()
        if all(code in found for code in known.indicators)
    }
    return Catalogue(found, events)


def _attributes() -> dict[str, FeatureType]:
    """Return the attributes of the register; codes are checked against their trees."""
    trees = {"enterprise.industry": _tree(Industry), "enterprise.area": _tree(Area)}
    legal = {"enterprise.status": tuple(RegistrationStatus.values)}
    found = {}
    for key, label in ATTRIBUTES.items():
        shape = _SHAPES[_ATTRIBUTE_TYPES.get(key, ValueType.CATEGORY)]
        with override("zh-hans"):
            name = str(label)
        with override("en"):
            found[key] = FeatureType(
                shape,
                label=name,
                label_en=str(label),
                owner=REGISTER,
                legal_values=legal.get(key, ()),
                tree=trees.get(key),
            )
    return found


def _tree(model: type[TreeNode]) -> CodeTree:
    """Return the codes of a tree, read once when a rule first asks for one."""

    @cache
    def rows() -> dict[str, tuple[str, str]]:
        values = model.objects.values_list("code", "name", "parent__code")  # type: ignore[attr-defined]
        return {code: (above or "", name) for code, name, above in values}

    return CodeTree(
        lambda: {code: above for code, (above, _name) in rows().items()},
        lambda: {code: name for code, (_above, name) in rows().items()},
    )
