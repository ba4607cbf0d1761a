"""The error envelope of the Graph API."""

from typing import Any

from simulator.calls import Answer

TRANSIENT = frozenset({1, 2, 4, 17, 32, 341, 613, 1200, 80001})
STATUS = {1: 500, 2: 500, 10: 403, 200: 403, 190: 401}


class GraphError(Exception):
    """A refusal in the words of the Graph API: a code, sometimes a subcode."""

    def __init__(self, code: int, message: str, *, subcode: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.message = message
        self.data: dict[str, Any] = {}


def error_answer(error: GraphError, *, trace: str = "SimTrace") -> Answer:
    """-> the refusal as HTTP: 401 for tokens, 403 for permissions, else 400 or 500."""
    envelope: dict[str, Any] = {
        "message": f"(#{error.code}) {error.message}",
        "type": "OAuthException",
        "code": error.code,
        "is_transient": error.code in TRANSIENT,
        "fbtrace_id": trace,
    }
    if error.subcode is not None:
        envelope["error_subcode"] = error.subcode
    if error.data:
        envelope["error_data"] = error.data
    return Answer({"error": envelope}, status=STATUS.get(error.code, 400))


def no_such_object(identifier: str) -> GraphError:
    """-> the refusal for an id nobody has."""
    words = f"Object with ID '{identifier}' does not exist or cannot be loaded"
    return GraphError(100, words, subcode=33)
