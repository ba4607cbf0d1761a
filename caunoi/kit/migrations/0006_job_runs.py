"""When each periodic job ran last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0005_words_of_a_text")]
    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("found", models.IntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=300)),
            ],
        ),
    ]
