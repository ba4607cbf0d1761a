"""How much of an upload is read."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from caunoi.kit import uploads


def request_with(count, size=10):
    files = {f"f{n}": SimpleUploadedFile("a", bytes([n]) * size) for n in range(count)}
    return RequestFactory().post("/", files | {"words": "giữ lại"})


def test_the_first_files_are_read_whole_and_the_others_are_counted():
    request = request_with(15)

    read = [f.read() for f in request.FILES.values()]

    assert read == [bytes([n]) * 10 for n in range(uploads.MOST_FILES)]
    assert uploads.skipped_files(request) == 15 - uploads.MOST_FILES
    assert request.POST["words"] == "giữ lại"


def test_a_file_beyond_measure_is_passed_over_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(uploads, "HEAVIEST_FILE", 100)
    files = {"big": SimpleUploadedFile("a", b"a" * 200_000), "small": SimpleUploadedFile("b", b"b")}
    request = RequestFactory().post("/", files)

    assert [f.read() for f in request.FILES.values()] == [b"b"]
    assert uploads.skipped_files(request) == 1


def test_a_sending_beyond_all_measure_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(uploads, "HEAVIEST_SENDING", 100)

    with pytest.raises(RequestDataTooBig):
        _ = request_with(1, size=1000).POST
