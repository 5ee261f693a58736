"""The database refuses versions of one catalogue entry that overlap."""

from django.db import migrations

from crm.common.db.operations import no_overlap, trigram_index


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [
        no_overlap("projects_matterversion", "matter_id"),
        no_overlap("projects_feeitemversion", "item_id"),
        trigram_index("projects_project", "search_text", "pinyin", "initials"),
    ]
