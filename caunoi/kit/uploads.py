"""How much of an upload is read at all. What is over is skipped file by file and counted, so that the page can say so and the
rest of the form survives; a sending beyond all measure is refused as a whole.

    settings.FILE_UPLOAD_HANDLERS = ["caunoi.kit.uploads.BoundedUploads", …Django's own]
    skipped_files(request)        # how many were not read, after request.FILES was touched
"""

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MOST_FILES = 11
HEAVIEST_FILE = 20 * 1024 * 1024
BIG_FILE_DOORS, HEAVIEST_BIG_FILE = ("/phim/", "/sao-ke/nhap/"), 101 * 1024 * 1024
"""A door whose address ends so takes one big file: a video, a bank's statement."""
HEAVIEST_SENDING = 400 * 1024 * 1024
"""Forty photos of a phone, each ten megabytes: they are passed over without being kept, and the form comes back."""


class BoundedUploads(FileUploadHandler):
    """Stands first: it lets pass so many files of such a size, and nothing of the others."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.begun = 0
        self.read = 0
        big = request is not None and request.path.endswith(BIG_FILE_DOORS)
        self.heaviest = HEAVIEST_BIG_FILE if big else HEAVIEST_FILE

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > HEAVIEST_SENDING:
            raise RequestDataTooBig("the sending is beyond all measure")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.begun += 1
        self.read = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read += len(raw_data)
        if self.begun > MOST_FILES or self.read > self.heaviest:
            _count(self.request)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def _count(request: HttpRequest | None) -> None:
    if request is not None:
        request.META["caunoi.skipped_files"] = skipped_files(request) + 1


def skipped_files(request: HttpRequest) -> int:
    """Return how many files of this request were passed over because they were too many or too heavy."""
    return request.META.get("caunoi.skipped_files", 0)
