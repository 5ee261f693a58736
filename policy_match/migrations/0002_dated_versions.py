"""What the models cannot say: versions of a clause never overlap in time."""

from django.db import migrations

from crm.common.db.operations import no_overlap


class Migration(migrations.Migration):
    dependencies = [("policy_match", "0001_initial")]

    operations = [
        no_overlap(
            "policy_match_clauseversion",
            "clause_id",
            where="effective_from IS NOT NULL"
            " AND (effective_to IS NULL OR effective_to >= effective_from)",
        ),
    ]
