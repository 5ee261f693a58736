"""The database refuses two versions of an indicator on one day."""

from django.db import migrations

from crm.common.db.operations import no_overlap


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_initial")]

    operations = [no_overlap("profiles_indicatorversion", "indicator_id")]
