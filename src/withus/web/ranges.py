"""Sound and pictures as answers, whole or the part that the browser asks for."""

import re

from django.http import HttpRequest, HttpResponse


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of `bytes=FIRST-[LAST]`; browsers of one maker play nothing without it. None: the whole."""
    match = re.fullmatch(r"bytes=(\d{1,9})-(\d{0,9})", asked, re.ASCII)
    if match is None or int(match[1]) >= size:
        return None
    first, last = int(match[1]), min(int(match[2] or size), size - 1)
    return (first, last) if first <= last else None


def ranged(request: HttpRequest, content: bytes, media: str, disposition: str) -> HttpResponse:
    """The bytes, whole or in part, as this type of content."""
    part = _part(request.headers.get("Range", ""), len(content))
    first, last = part or (0, len(content) - 1)
    response = HttpResponse(content[first : last + 1], content_type=media, status=206 if part else 200)
    response["Accept-Ranges"] = "bytes"
    response["Content-Disposition"] = disposition
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response
