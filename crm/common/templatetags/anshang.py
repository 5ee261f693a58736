"""Tags and filters of the face: icons, panels, and numbers and dates as people read them."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
)
from django.forms.boundfield import BoundWidget
from django.template import Engine
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.common.face import formatting
from crm.common.people.actor import ANONYMOUS
from crm.common.slots.panels import panels_for

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Draw an icon of the sprite; it is hidden from screen readers, words stand beside it."""
    return format_html(
        '<svg class="ti ti-{}{}" aria-hidden="true" focusable="false">'
        '<use href="{}#i-{}"></use></svg>',
        name,
        f" {extra}" if extra else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str, subject: Any, column: str | None = None) -> SafeString:
    """Render what the rooms above registered for a slot, in their order."""
    shell = context.get("shell")
    actor = shell.actor if shell else ANONYMOUS
    engine = context.template.engine if context.template else Engine.get_default()
    parts = []
    for panel in panels_for(slot, column):
        values = panel.build(actor, subject)
        if values is None:
            continue
        with context.push(**values):
            parts.append(engine.get_template(panel.template).render(context))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def field_widget(field: BoundField, **attrs: Any) -> SafeString:
    """Draw a field's control with the look of its kind and further attributes."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return field.as_widget()
    look = "form-control"
    if isinstance(widget, CheckboxInput):
        look = "form-check-input"
    elif isinstance(widget, Select):
        look = "form-select"
    given = widget.attrs.get("class", "")
    bad = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": f"{look}{bad} {given}".strip(), **attrs})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Say whether a field is one box to tick: its label then stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choice_group(field: BoundField) -> bool:
    """Say whether a field is a group of radio buttons or boxes: it then needs a legend."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def wan(fen: int | None, places: int = 1) -> str:
    """Write an amount of 分 in 万元 without the unit: 2,847.6."""
    return formatting.wan(fen, int(places))


@register.filter
def yi(fen: int | None, places: int = 2) -> str:
    """Write an amount of 分 in 亿元 without the unit: 12.60."""
    return formatting.yi(fen, int(places))


@register.filter
def yuan(fen: int | None) -> str:
    """Write an amount of 分 in 元 with two places: 1,234.50."""
    return formatting.yuan(fen)


@register.filter
def grouped(number: Decimal | float | None, places: int | None = None) -> str:
    """Write a number with thousands separators and a true minus sign."""
    return formatting.grouped(number, None if places is None else int(places))


@register.filter
def percent(share: Decimal | float | None, places: int = 1) -> str:
    """Write a share between 0 and 1 as a percentage: 0.557 becomes 55.7%."""
    return formatting.percent(share, int(places))


@register.filter
def signed(number: Decimal | float | None, places: int | None = None) -> str:
    """Write a difference with its sign: +3, −1.2, 0."""
    return formatting.signed(number, None if places is None else int(places))


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day shortly: 9月12日 this year, 2023年9月12日 otherwise."""
    return formatting.day(value)


@register.filter
def weekday(value: date | datetime | None) -> str:
    """Write the day of the week: 周四."""
    return formatting.weekday(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment shortly: 9月12日 09:30."""
    return formatting.moment(value)


@register.filter
def month(value: date | None) -> str:
    """Write a month: 2024年8月."""
    return formatting.month(value)


@register.filter
def days_left(workdays: int | None) -> str:
    """Write what is left of a limit: 剩 3 个工作日, 今天到期, 逾期 1 个工作日."""
    return formatting.limit_lamp(workdays).text


@register.filter
def days_lamp(workdays: int | None) -> str:
    """Return the lamp state of what is left of a limit: ok, risk, over or miss."""
    return formatting.limit_lamp(workdays).state


@register.filter
def masked_code(value: str) -> str:
    """Mask a unified social credit code: 91429006MA4K****7T."""
    return formatting.masked_code(value)


@register.filter
def masked_phone(value: str) -> str:
    """Mask a telephone number: 138****5678."""
    return formatting.masked_phone(value)


@register.filter
def masked_account(value: str) -> str:
    """Mask an account number: **** 8217."""
    return formatting.masked_account(value)


@register.filter
def initial(name: str) -> str:
    """Return the first character of a name, for the avatar."""
    return name.strip()[:1]


@register.filter
def spark_points(values: list[float]) -> str:
    """Return the points of a sparkline of 72 by 22 units for an SVG polyline."""
    return formatting.spark_points(values)


@register.filter
def spark_end(values: list[float]) -> dict[str, str]:
    """Return where a sparkline ends, for its dot."""
    x, y = formatting.spark_points(values).split(" ")[-1].split(",")
    return {"x": x, "y": y}


@register.filter
def steps(labels: list[str], current: int) -> list[dict[str, Any]]:
    """Return the ticks of a mini rail: done before `current`, then now, then to come."""
    return [
        {
            "label": label,
            "css": "d" if place < current else "n" if place == current else "",
        }
        for place, label in enumerate(labels)
    ]


@register.filter
def at(sequence: list[Any], place: int) -> Any:
    """Return the element at a place, or nothing."""
    return sequence[place] if 0 <= place < len(sequence) else ""


@register.filter
def css_number(value: Any) -> str:
    """Write a number for a style attribute: a point, no grouping, whatever the language."""
    return f"{float(value):.4g}"


@register.filter
def delta_tone(value: Decimal | float | None, good: str) -> str:
    """Return "good" when a difference goes the better way, else nothing."""
    if not value or good not in ("up", "down"):
        return ""
    return "good" if (value > 0) == (good == "up") else ""


@register.filter
def problems(form: BaseForm) -> list[dict[str, str]]:
    """Return the errors of a form as (anchor, label, text), those of the whole form first."""
    found = [{"anchor": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        found += [
            {
                "anchor": bound.id_for_label or bound.auto_id,
                "label": str(bound.label),
                "text": text,
            }
            for text in map(str, bound.errors)
        ]
    return found


@register.simple_tag
def choice_input(option: BoundWidget) -> SafeString:
    """Draw one radio button or box of a group, without its label."""
    given = option.data["attrs"].get("class", "")
    option.data["attrs"]["class"] = f"form-check-input {given}".strip()
    option.data["wrap_label"] = False
    return option.tag()


@register.filter
def has_value(field: BoundField) -> bool:
    """Say whether a filter is in force."""
    value = field.value()
    return bool(any(value) if isinstance(value, list | tuple) else value)
