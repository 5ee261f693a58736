"""PostgreSQL answers searches for parts of names from trigram indexes."""

from django.db import migrations

from crm.common.db.operations import trigram_index


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]

    operations = [trigram_index("crm_enterprise", "search_text", "pinyin", "initials")]
