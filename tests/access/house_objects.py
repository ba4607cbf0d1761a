"""Houses and public works for the access matrix."""

from datetime import date

from tests.cast import MONDAY


def house_objects(unit, account_id, relation):
    """A programme of the unit, a posted list, and a household agreed to, whose photo may be shown."""
    from caunoi.files.models import Picture
    from caunoi.houses.models import Household, News, Programme, Review

    made = {"begun_at": MONDAY, "begun_by_id": account_id}
    programme = Programme.objects.create(
        unit=unit, slug=f"nha-{relation}", name="Xoá nhà tạm", year=2026, source="x", **made
    )
    days = {"posted_from": date(2026, 11, 23), "posted_to": date(2026, 11, 30)}
    review = Review.objects.create(
        programme=programme,
        village=unit,
        met_on=date(2026, 11, 20),
        minutes_number="1/BB",
        households=100,
        present=90,
        state="posted",
        posted_where="x",
        written_at=MONDAY,
        written_by_id=account_id,
        **days,
    )
    household = Household.objects.create(
        programme=programme,
        village=unit,
        code="H-1",
        head="Lầu Y Mỷ",
        grade="temporary",
        work="new",
        state="approved",
        review=review,
        photo_public=True,
        entered_at=MONDAY,
        entered_by_id=account_id,
    )
    picture = Picture.objects.create(
        sha256=b"x", body=b"x", preview=b"x", width=1, height=1, kept_at=MONDAY
    )
    news = News.objects.create(
        household=household, kind="survey", on=date(2026, 11, 23), picture=picture, at=MONDAY, by_id=account_id
    )  # fmt: skip
    return {
        "house_programme": {"pk": programme.pk},
        "house_programme_page": {"slug": programme.slug},
        "house_posted": {"slug": programme.slug, "pk": review.pk},
        "house_picture_page": {"slug": programme.slug, "pk": news.pk},
        "house_review": {"pk": review.pk},
        "house_review_deed": {"pk": review.pk, "deed": "niem-yet"},
        "household": {"pk": household.pk},
        "house_deed": {"pk": household.pk, "deed": "rut"},
        "house_picture": {"pk": household.pk, "news_pk": news.pk},
    }


def work_objects(unit, account_id):
    """A public work of the unit with books of its own."""
    from caunoi.funds.models import Fund
    from caunoi.works.models import Book, Project

    fund = Fund.objects.create(unit=unit, name="Công trình", opened_on=date(2020, 1, 1))
    project = Project.objects.create(
        unit=unit,
        book=Book.objects.create(unit=unit, fund=fund),
        code="duong",
        kind="road",
        name="Đường xóm",
        starts_on=date(2026, 1, 1),
        begun_at=MONDAY,
        begun_by_id=account_id,
    )
    return {"work": {"pk": project.pk}}
