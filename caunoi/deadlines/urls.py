from datetime import date

from django.urls import path, register_converter

from caunoi.deadlines import views


class DayInAddress:
    """A day in an address: 2026-11-23."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayInAddress, "day")
app_name = "deadlines"
urlpatterns = [
    path("quan-tri/thoi-han/", views.table, name="table"),
    path("quan-tri/thoi-han/<str:code>/", views.change, name="change"),
    path("quan-tri/ngay-nghi/", views.days, name="days"),
    path("quan-tri/ngay-nghi/them/", views.add_day, name="add_day"),
    path("quan-tri/ngay-nghi/<day:day>/bo/", views.remove_day, name="remove_day"),
]
