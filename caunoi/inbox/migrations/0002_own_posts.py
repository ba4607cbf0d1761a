"""The page's own posts, under which people ask."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_upkeep"), ("inbox", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(max_length=120)),
                ("text", models.TextField(blank=True)),
                ("permalink", models.CharField(blank=True, max_length=400)),
                ("posted_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="channels.channel"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["channel", "-posted_at"],
                        name="inbox_posts",
                        condition=models.Q(("removed_at", None)),
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "external_id"), name="inbox_post_once")
                ],
            },
        ),
        migrations.AddIndex(
            "thread",
            models.Index(
                fields=["channel", "post_ref"],
                name="inbox_under_post",
                condition=models.Q(("post_ref", ""), _negated=True),
            ),
        ),
    ]
