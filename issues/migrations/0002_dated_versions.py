"""The database refuses versions of a limit profile that overlap."""

from django.db import migrations

from crm.common.db.operations import no_overlap


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [no_overlap("issues_limitversion", "profile_id")]
