"""The payload is the one the banks' association prints, and a phone reads back what was meant."""

import contextlib
import io
import json
from pathlib import Path

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from caunoi.funds import codes, vietqr
from caunoi.funds.vietqr import NoVietQR, Payment

VECTORS = json.loads(
    (Path(__file__).resolve().parents[3] / "tests" / "vectors.json").read_text(encoding="utf-8")
)["vietqr"]
NAMES = {"bin_": "bank", "acc": "account", "svc": "service"}
BUILT = {
    v["name"]: (Payment(**{NAMES.get(k, k): x for k, x in v["inputs"].items()}), v["payload"])
    for v in VECTORS["payloads"]
}


@pytest.mark.parametrize("vector", VECTORS["crc_vectors"], ids=lambda v: v["in"][:9])
def test_the_checksum(vector):
    assert vietqr.checksum(vector["in"]) == vector["crc"]


@pytest.mark.parametrize("name", BUILT)
def test_payloads_byte_for_byte_and_back(name):
    payment, payload = BUILT[name]

    assert vietqr.payload(payment) == payload
    assert vietqr.read(payload) == payment


@pytest.mark.parametrize("vector", VECTORS["third_party_payloads"], ids=lambda v: v["name"])
def test_payloads_of_others_are_read_but_not_the_misprint(vector):
    if "typo" in vector["name"]:
        with pytest.raises(NoVietQR):
            vietqr.read(vector["payload"])
    else:
        assert vietqr.read(vector["payload"]).bank.isdigit()


def test_a_changed_amount_is_found_and_small_hex_is_read():
    changed, small = (v["payload"] for v in VECTORS["negative"])

    with pytest.raises(NoVietQR):
        vietqr.read(changed)
    assert vietqr.read(small).amount == 500_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"bank": "97043"},
        {"account": "12 34"},
        {"account": "1" * 20},
        {"amount": 0},
        {"amount": 10**13},
        {"memo": "Ủng hộ"},
        {"memo": "A" * 26},
        {"service": "QRPUSH"},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(NoVietQR):
        vietqr.payload(Payment(**{"bank": "970436", "account": "1017588888"} | wrong))


def test_a_memo_without_marks():
    assert (
        vietqr.plain("  Ủng hộ đồng bào xã Mường Khương – 26/9 ")
        == "UNG HO DONG BAO XA MUONG KHUONG 26 9"
    )


def test_another_program_reads_the_printed_code():
    payload = vietqr.payload(Payment("970436", "1017588888", 500_000, codes.code_of(7)))
    drawn = io.BytesIO()
    segno.make(payload, error="m").save(drawn, kind="png", scale=4, border=4)

    found = zxingcpp.read_barcodes(Image.open(drawn))

    assert [code.text for code in found] == [payload]
    assert list(codes.found_in(vietqr.read(found[0].text).memo)) == [7]


@given(text=st.text(max_size=120))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(NoVietQR):
        vietqr.read(text)


@given(
    number=st.integers(0, codes.MOST - 1),
    place=st.integers(0, 6),
    other=st.sampled_from(codes.ALPHABET),
)
def test_a_wrong_character_is_found(number, place, other):
    code = codes.code_of(number)
    body = code[2:]

    assert codes.number_of(code) == number
    if body[place] != other:
        assert codes.number_of("UH" + body[:place] + other + body[place + 1 :]) is None
    if place < 6 and body[place] != body[place + 1]:
        swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
        assert codes.number_of("UH" + swapped) is None


def test_a_code_typed_by_hand():
    code = codes.code_of(31**5 + 1)

    assert "0" in code
    assert "1" in code
    for typed in (
        code.lower(),
        code.replace("0", "O"),
        code.replace("1", "l"),
        f"{code[:4]} {code[4:]}",
    ):
        assert codes.number_of(typed) == 31**5 + 1
    assert codes.number_of("UH") is None
    assert codes.number_of("") is None


def test_a_code_in_what_banks_make_of_a_memo():
    code = codes.code_of(123_456)
    memo = f"MBVCB.7012345678.ung ho ba con {code[:5]}-{code[5:].lower()}.CT tu 0123 toi 0451"

    assert list(codes.found_in(memo)) == [123_456]
    assert list(codes.found_in("UNG HO DONG BAO LU LUT")) == []


def test_a_number_too_large_has_no_code():
    with pytest.raises(ValueError, match=str(codes.MOST)):
        codes.code_of(codes.MOST)
