"""The first table of retention and the first words people are told; afterwards the province edits both."""

from datetime import UTC, datetime

from django.db import migrations

RULES = (
    ("question", 365, "Luật 91/2025/QH15: xoá khi hết mục đích; mức đề xuất 12 tháng, tỉnh quyết định", "erase"),
    ("emergency", 365, "Luật 91/2025/QH15: xoá khi hết mục đích; mức đề xuất 12 tháng, tỉnh quyết định", "erase"),
    ("denunciation", 30, "Luật Tố cáo 25/2018/QH14: giữ bí mật người tố cáo; mức đề xuất 30 ngày sau khi kết thúc", "erase"),
    ("complaint", 5475, "Luật Lưu trữ 33/2024/QH15; thời hạn bảo quản hồ sơ khiếu nại 15 năm (tỉnh đối chiếu)", "erase"),
    ("delivery", 90, "Luật 91/2025/QH15: xoá khi hết mục đích; mức đề xuất 90 ngày", "erase"),
)  # fmt: skip
WORDS = (
    "Mặt trận dùng tên, số điện thoại và lời bà con gửi chỉ để trả lời câu hỏi này. "
    "Bà con không bắt buộc ghi tên hay số điện thoại. "
    "Bà con được xem, sửa và xoá bất cứ lúc nào bằng số và mã."
)


def load(apps, schema_editor):
    rule = apps.get_model("privacy", "RetentionRule")
    for code, days, source, does in RULES:
        rule.objects.get_or_create(
            code=code, defaults={"days": days, "source": source, "does": does}
        )
    apps.get_model("privacy", "ConsentText").objects.get_or_create(
        unit=None,
        channel="",
        version=1,
        defaults={"text": WORDS, "at": datetime(2026, 1, 1, tzinfo=UTC)},
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_retention_and_consent")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
