import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("common", "0003_links_and_comments"),
        ("crm", "0002_search_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FeatureSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(db_index=True, verbose_name="as of")),
                ("content_hash", models.CharField(max_length=64, unique=True)),
                ("path", models.CharField(max_length=200)),
                ("rows", models.PositiveIntegerField(verbose_name="enterprises")),
                ("columns", models.JSONField()),
                ("engine", models.CharField(max_length=40)),
                ("file_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "feature snapshot",
                "ordering": ["-as_of", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[("imported", "Imported"), ("rolled_back", "Rolled back")],
                        default="imported",
                        max_length=12,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("created", models.PositiveIntegerField(default=0, verbose_name="new values")),
                (
                    "corrected",
                    models.PositiveIntegerField(default=0, verbose_name="corrected values"),
                ),
                (
                    "unchanged",
                    models.PositiveIntegerField(default=0, verbose_name="unchanged values"),
                ),
                ("warnings", models.JSONField(default=list)),
                ("imported_at", models.DateTimeField(verbose_name="imported at")),
                ("rolled_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="crm.department",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.storedfile",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "ordering": ["-imported_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("header", models.CharField(max_length=120)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="crm.department",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="profiles.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "column mapping",
            },
        ),
        migrations.CreateModel(
            name="IndicatorVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effective_from", models.DateField(verbose_name="in force from")),
                (
                    "effective_to",
                    models.DateField(blank=True, null=True, verbose_name="in force to"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_en", models.CharField(max_length=120)),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="unit")),
                (
                    "value_type",
                    models.CharField(
                        choices=[
                            ("decimal", "Number"),
                            ("int", "Whole number"),
                            ("bool", "Yes or no"),
                            ("date", "Date"),
                            ("category", "Category"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "decimals",
                    models.PositiveSmallIntegerField(default=4, verbose_name="decimal places"),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("month", "Month"),
                            ("quarter", "Quarter"),
                            ("year", "Year"),
                            ("snapshot", "As of a day"),
                        ],
                        max_length=10,
                        verbose_name="period",
                    ),
                ),
                ("aggregation", models.CharField(max_length=12)),
                (
                    "plausible_min",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
                ),
                (
                    "plausible_max",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True),
                ),
                ("fresh_days", models.PositiveSmallIntegerField(verbose_name="fresh for (days)")),
                (
                    "legal_values",
                    models.JSONField(blank=True, default=list, verbose_name="possible values"),
                ),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("internal", "Internal"),
                            ("confidential", "Confidential"),
                        ],
                        default="internal",
                        max_length=12,
                        verbose_name="sensitivity",
                    ),
                ),
                ("definition", models.TextField(blank=True, verbose_name="definition")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="crm.department",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="profiles.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of an indicator",
                "ordering": ["indicator_id", "-effective_from"],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_start", models.DateField(verbose_name="from")),
                ("period_end", models.DateField(verbose_name="to")),
                ("cumulative", models.BooleanField(default=False, verbose_name="cumulative")),
                ("number_e4", models.BigIntegerField(null=True)),
                ("text", models.CharField(blank=True, max_length=60)),
                ("row", models.PositiveIntegerField(null=True, verbose_name="row")),
                ("column", models.CharField(blank=True, max_length=4, verbose_name="column")),
                ("recorded_at", models.DateTimeField(db_index=True, verbose_name="recorded at")),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="profiles.importbatch",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="crm.enterprise",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="profiles.indicator",
                    ),
                ),
                (
                    "reasserts",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reasserted_by",
                        to="profiles.observation",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="profiles.observation",
                    ),
                ),
            ],
            options={
                "verbose_name": "observation",
            },
        ),
        migrations.CreateModel(
            name="ObservationConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(null=True, verbose_name="row")),
                ("column", models.CharField(blank=True, max_length=4, verbose_name="column")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="profiles.importbatch",
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="profiles.observation",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation of a value",
            },
        ),
        migrations.CreateModel(
            name="UnknownEnterprise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                (
                    "code",
                    models.CharField(blank=True, max_length=60, verbose_name="code as written"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=120, verbose_name="name as written"),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unknown", "Enterprise not known"),
                            ("wrong_code", "Credit code is wrong"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unknown",
                        to="profiles.importbatch",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="crm.enterprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "row to review",
                "ordering": ["batch", "row"],
            },
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "imported")),
                fields=("department", "sha256"),
                name="profiles_batch_file_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rolled_back_at__isnull", True), ("status", "imported")),
                    models.Q(("rolled_back_at__isnull", False), ("status", "rolled_back")),
                    _connector="OR",
                ),
                name="profiles_batch_rolled_back_at_iff",
            ),
        ),
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(
                fields=("department", "header"), name="profiles_columnmapping_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicatorversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("decimals__lte", 4)), name="profiles_indicatorversion_decimals"
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                fields=["indicator", "period_end", "period_start"],
                name="profiles_ob_indicat_5549a2_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("superseded_by__isnull", False)),
                fields=["superseded_by"],
                name="profiles_observation_corrector",
            ),
        ),
        migrations.AddIndex(
            model_name="observation",
            index=models.Index(
                condition=models.Q(("reasserts__isnull", False)),
                fields=["reasserts"],
                name="profiles_observation_said_anew",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)),
                fields=("enterprise", "indicator", "period_start", "period_end", "cumulative"),
                name="profiles_observation_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number_e4__isnull", False), ("text", "")),
                    models.Q(("number_e4__isnull", True), models.Q(("text", ""), _negated=True)),
                    _connector="OR",
                ),
                name="profiles_observation_number_or_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("superseded_by__isnull", True),
                    ("superseded_at__isnull", False),
                    _connector="OR",
                ),
                name="profiles_observation_superseded_at_with_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="observation",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_end__gte", models.F("period_start"))),
                name="profiles_observation_period_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="observationconfirmation",
            constraint=models.UniqueConstraint(
                fields=("observation", "batch"), name="profiles_confirmation_once"
            ),
        ),
    ]
