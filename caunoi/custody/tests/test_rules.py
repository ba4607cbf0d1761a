"""Decisions about custody."""

import pytest

from caunoi.custody import rules
from caunoi.custody.terms import AssetKind, Brand


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("Két văn phòng, phong bì số 3", False),
        ("Tủ sắt phòng 204, ngăn 2", False),
        ("mật khẩu: hoa sen", True),
        ("Abc12345xyz", True),
        ("mã 483920", True),
        ("", False),
    ],
)
def test_where_the_envelope_lies_is_kept_and_what_is_in_it_never(words, secret):
    assert rules.looks_like_secret(words) is secret


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("https://www.facebook.com/mttq/", "facebook.com/mttq"),
        ("m.facebook.com/MTTQ?ref=x", "facebook.com/mttq"),
        ("https://facebook.com/profile.php?id=12", "facebook.com/profile.php?id=12"),
        ("MTTQ xã Bích Hào", ""),
        ("http://[", ""),
    ],
)
def test_one_address_is_written_in_many_ways(asked, key):
    assert rules.address_key(asked) == key


def test_a_page_follows_the_pattern_of_the_province_in_any_spelling_of_case():
    def problems(name, url="https://x.vn/a", seen=True):
        return rules.brand_problems(
            kind=AssetKind.PAGE, name=name, url=url, links="", unit_name="Xã Bích Hào", slug="xa-bich-hao",
            brand=Brand("MTTQ {unit}"), looked_good=seen,
        )  # fmt: skip

    assert problems("MTTQ xã Bích Hào") == []
    assert problems("Quê tôi", url="", seen=False) == [rules.NAME, rules.ADDRESS, rules.LOOK]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ("https://mttq.vn/xa-bich-hao", []),
        ("mttq.vn/xa-bich-hao/ https://tinh.gov.vn/a", []),
        ("https://mttq.vn/xa-tri-le", [rules.MUST_LINK]),
        ("https://mttq.vn/xa-bich-hao https://gov.vn.ban-hang.com", [rules.MAY_LINK]),
        ("", [rules.MUST_LINK]),
    ],
)
def test_a_page_leads_to_its_unit_and_only_where_the_province_allows(links, found):
    brand = Brand(must_link="https://mttq.vn/{slug}", may_link=("gov.vn", "mttq.vn"))

    told = rules.brand_problems(
        kind=AssetKind.PAGE, name="Xã Bích Hào", url="https://x.vn", links=links, unit_name="Xã Bích Hào",
        slug="xa-bich-hao", brand=brand, looked_good=True,
    )  # fmt: skip

    assert told == found
