"""The categories and limits a city starts with; both are its own rows to change."""

from datetime import date

from django.db import migrations

from crm.common.db.operations import no_overlap

CATEGORIES = [
    ("approval", "审批办理", "file-certificate", "problem"),
    ("utilities", "水电气", "bolt", "problem"),
    ("land", "土地", "map-2", "problem"),
    ("labour", "用工", "users", "need"),
    ("finance", "融资", "building-bank", "need"),
    ("roads", "道路排水", "road", "problem"),
    ("policy", "政策兑现", "coin-yuan", "problem"),
    ("other", "其他", "dots", "problem"),
]
# Contact, answer and solve in working days.
LIMITS = {"normal": (1, 7, 10), "delaying": (1, 3, 5), "stopped": (1, 2, 3)}


def add(apps, schema_editor):
    category = apps.get_model("issues", "IssueCategory")
    for order, (code, name, icon, kind) in enumerate(CATEGORIES, start=1):
        category.objects.get_or_create(
            code=code, defaults={"name": name, "icon": icon, "kind": kind, "order": order * 10}
        )
    profile, _made = apps.get_model("issues", "LimitProfile").objects.get_or_create(
        code="standard", defaults={"name": "企业问题办理时限"}
    )
    version, made = apps.get_model("issues", "LimitVersion").objects.get_or_create(
        profile=profile, effective_from=date(2021, 1, 1)
    )
    if made:
        rule = apps.get_model("issues", "LimitRule")
        for severity, (contact, answer, solve) in LIMITS.items():
            rule.objects.create(
                version=version,
                severity=severity,
                contact_days=contact,
                answer_days=answer,
                solve_days=solve,
            )


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [
        no_overlap("issues_limitversion", "profile_id"),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
