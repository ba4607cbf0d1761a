"""The envelope of the OA API: HTTP is always 200, `error` tells."""

from typing import Any

from simulator.calls import Answer

REPLACED, INVALID_TOKEN, BAD_PROOF, OVER_RATE = -220, -216, -242, -32
USED_UP = -211
INVALID_PARAMETER, OVER_LIMIT, NOT_FOLLOWER, OUTSIDE_WINDOW, UNSUPPORTED = (
    -201,
    -210,
    -213,
    -230,
    -233,
)


class ZaloError(Exception):
    """A refusal of the OA API, by its number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def success(content: Any = None) -> Answer:
    """-> the answer for a call that worked."""
    body: dict[str, Any] = {} if content is None else {"data": content}
    return Answer(body | {"error": 0, "message": "Success"})


def refusal(error: ZaloError) -> Answer:
    """-> the answer for a call that did not; it has no data."""
    return Answer({"error": error.code, "message": error.message})
