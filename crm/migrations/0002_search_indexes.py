"""PostgreSQL answers searches for parts of names from trigram indexes; entries are kept."""

from django.db import migrations

from crm.common.db.operations import append_only, trigram_index


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [
        trigram_index("crm_enterprise", "search_text", "pinyin", "initials"),
        append_only("crm_registerentry"),
    ]
