"""Speech and photos as devices send them, with what they write into them; and files that mean no good."""

import array
import math
import struct
import zlib
from io import BytesIO
from typing import Any

import av
from PIL import Image, PngImagePlugin

CANARY = "CANARYINTHEFILE"


def speech(
    seconds: float = 2, form: str = "webm", codec: str = "libopus", *, loud: int = 9000, rate: int = 48_000
) -> bytes:
    """Something to hear, with a title and a maker in its tags."""
    made, step = BytesIO(), 960
    with av.open(made, "w", format=form) as target:
        target.metadata["title"] = target.metadata["artist"] = CANARY
        stream: Any = target.add_stream(codec, rate=rate, layout="mono")
        tone = array.array("h", (int(loud * math.sin(place * 0.05)) for place in range(step))).tobytes()
        for number in range(int(seconds * rate / step)):
            frame = av.AudioFrame(format="s16", layout="mono", samples=step)
            frame.sample_rate, frame.pts = rate, number * step
            frame.planes[0].update(tone)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return made.getvalue()


def hour_of_silence() -> bytes:
    """As a WAV of a thousand samples a second, which fits into one upload."""
    size, rate = 3600 * 1000, 1000
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate, 1, 8)
    return (
        struct.pack("<4sI4s", b"RIFF", size + 36, b"WAVE") + form + struct.pack("<4sI", b"data", size) + b"\x80" * size
    )


def photo(form: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A photo on its side, with place, maker and a comment in it."""
    made, about = BytesIO(), Image.Exif()
    about[0x0112], about[0x010F] = 6, CANARY
    place = about.get_ifd(0x8825)
    place[1], place[2], place[0x1D] = "N", (52.0, 30.0, 1.0), CANARY
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", CANARY)
    more: dict[str, Any] = {"JPEG": {"comment": CANARY.encode()}, "PNG": {"pnginfo": told}}.get(form, {})
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, form, exif=about, **more)
    return made.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_that_says(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that claims a size, and has a few compressed bytes of it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IDAT", zlib.compress(bytes(10**6)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + b"".join(more) + body + _chunk(b"IEND", b"")


def png_with_a_bomb() -> bytes:
    """A small PNG with a note of half a gigabyte in it."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(10**7)) for _ in range(50)) + packer.flush()
    return png_that_says(100, 100, _chunk(b"zTXt", b"a\0\0" + packed))


def blank_png(width: int, height: int) -> bytes:
    """A PNG of very many points in very few bytes, whole and right."""
    made = BytesIO()
    Image.new("RGBA", (width, height)).save(made, "PNG")
    return made.getvalue()


def of_pieces(count: int) -> bytes:
    """A recording that is a heap of empty pieces."""
    return b"\x1a\x45\xdf\xa3\x80" + b"\xff\x80" * count


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n"
