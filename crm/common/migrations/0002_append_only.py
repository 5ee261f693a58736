"""The database itself refuses to change audit rows and transitions."""

from django.db import migrations

from crm.common.db.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [
        append_only("common_auditevent", fills=("seq", "chain_hash")),
        append_only("common_auditseal"),
        append_only("common_transition"),
    ]
