"""A browser's push service as RFC 8030 describes it. What it takes is recorded at the door, sealed as it came: it cannot read it.

The name of a subscription says how it fares: `gone-…` was given up by its browser, `busy-…` is asked too often, all others are taken.
"""

from starlette.requests import Request
from starlette.responses import Response

LARGEST_BODY = 4096
RETRY_SECONDS = 60


async def push(request: Request) -> Response:
    """POST /wpush/{subscription}. -> 201 taken; 400, 401, 413 not as the standard says; 410 gone; 429 too often."""
    name, headers = request.path_params["subscription"], request.headers
    if not headers.get("authorization", "").startswith("vapid "):
        return Response(status_code=401)
    if not headers.get("ttl", "").isdigit() or headers.get("content-encoding") != "aes128gcm":
        return Response(status_code=400)
    if len(await request.body()) > LARGEST_BODY:
        return Response(status_code=413)
    if name.startswith("gone-"):
        return Response(status_code=410)
    if name.startswith("busy-"):
        return Response(status_code=429, headers={"Retry-After": str(RETRY_SECONDS)})
    return Response(status_code=201, headers={"Location": f"/wpush-message/{name}"})
