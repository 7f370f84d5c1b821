"""Makes one file anew: speech as Opus, a photo as JPEG, and nothing of what its device wrote into it.

A process of its own for one file, started as `python -I worker.py speech|photo`: no settings, no network, no disk. It
reads the file from its input and writes `ok SECONDS` or `no REASON`, a line's end, and the new file. What it imports
comes before the last limit, after which it can open nothing any more.
"""

import sys
from array import array
from io import BytesIO
from typing import Any

MB = 1024 * 1024
CPU_SECONDS, MEMORY = 40, 1024 * MB
LONGEST = 300  # seconds of speech
RATE, BITS, FRAME = 24_000, 20_000, 60  # samples and bits a second, and milliseconds: enough for every voice
_OPUS = {"application": "voip", "vbr": "constrained", "frame_duration": str(FRAME)}
QUIET = 64  # of 32,768: below it a microphone has heard nothing
PIXELS, SIDE, QUALITY = 50_000_000, 1600, 80
UNUSABLE = 3  # this machine lacks what it takes

# By their first bytes, whatever name or type was claimed. Text formats, SVG among them, are none of these.
PHOTOS = {"JPEG": (b"\xff\xd8\xff", 0), "PNG": (b"\x89PNG\r\n\x1a\n", 0), "WEBP": (b"WEBP", 8)}
SPEECH = {
    "matroska": (b"\x1a\x45\xdf\xa3", 0),
    "ogg": (b"OggS", 0),
    "wav": (b"WAVE", 8),
    "mov": (b"ftyp", 4),
    "mp3": (b"ID3", 0),
    "amr": (b"#!AMR", 0),
}
_CODECS = ("opus", "vorbis", "aac", "mp3", "amr", "pcm_", "alac", "flac")
_NEVER_SAID = {0, 0xFFFFFFFF}  # sizes of a file that was written while it was spoken


class No(Exception):
    """Why this file is not taken: type, broken, cut, long, silent or large."""


def confine() -> None:
    """Takes from this process what it does not need, before it sees a byte of the file."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        libc.prctl(1, 9)  # PR_SET_PDEATHSIG: ends with whoever started it
        libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def close_all_doors() -> None:
    """From here on no file, no socket and no other program can be opened: there is no number left for them."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def kind_of(content: bytes, kinds: dict[str, tuple[bytes, int]]) -> str:
    """Which of these kinds the first bytes say; raises No."""
    for kind, (magic, place) in kinds.items():
        if content[place : place + len(magic)] == magic:
            return kind
    if kinds is SPEECH and content[:1] == b"\xff" and content[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa"):
        return "mp3"
    raise No("type")


def is_cut(content: bytes, kind: str) -> bool:
    """Whether the file says itself that it is longer than what came."""
    if kind == "wav":
        said = int.from_bytes(content[4:8], "little")
        return said not in _NEVER_SAID and said + 8 > len(content)
    walk = {"ogg": _end_of_page, "mov": _end_of_box, "matroska": _end_of_element}.get(kind)
    place = 0
    while walk and place < len(content):
        following = walk(content, place)
        if following <= place:
            return False  # what does not fit any rule, the decoder judges
        place = following
    return place > len(content)


def _end_of_page(content: bytes, place: int) -> int:
    if content[place : place + 4] != b"OggS":
        return 0
    segments = content[place + 27 : place + 27 + content[place + 26]] if place + 26 < len(content) else b""
    return place + 27 + len(segments) + sum(segments)


def _end_of_box(content: bytes, place: int) -> int:
    size = int.from_bytes(content[place : place + 4])
    if size == 1:
        size = int.from_bytes(content[place + 8 : place + 16])
    return place + size if size else len(content)


_INSIDE = {0x18538067, 0x1F43B675}  # a segment and its clusters are walked through, not over


def _end_of_element(content: bytes, place: int) -> int:
    width = 9 - content[place].bit_length()
    name, sized = int.from_bytes(content[place : place + width]), place + width
    if sized >= len(content) or not content[sized]:
        return len(content) + 1 if sized >= len(content) else 0
    wide = 9 - content[sized].bit_length()
    size = int.from_bytes(content[sized : sized + wide]) & (1 << 7 * wide) - 1
    begins = sized + wide
    is_open = size == (1 << 7 * wide) - 1
    if name in _INSIDE and (is_open or begins + size <= len(content)):
        return begins
    return begins + size


def speech(content: bytes) -> tuple[int, bytes]:
    """Seconds and bytes of the same words as mono Opus in WebM; raises No."""
    import av
    import av.subtitles.stream  # what av itself loads when it opens a file

    close_all_doors()
    kind = kind_of(content, SPEECH)
    if is_cut(content, kind):
        raise No("cut")
    try:
        with av.open(BytesIO(content), format=kind) as source:
            stream = next(iter(source.streams.audio), None)
            if stream is None or not stream.codec_context.name.startswith(_CODECS):
                raise No("type")
            return _as_opus(av, source, stream)
    except av.error.FFmpegError as problem:
        raise No("broken") from problem


def _as_opus(av: Any, source: Any, stream: Any) -> tuple[int, bytes]:
    made, samples, loudest = BytesIO(), 0, 0
    resampler = av.AudioResampler("s16", "mono", RATE, frame_size=RATE * FRAME // 1000)
    with av.open(made, "w", format="webm", options={"fflags": "+bitexact"}) as target:
        opus = target.add_stream("libopus", rate=RATE, layout="mono", options=_OPUS)
        opus.bit_rate = BITS
        decoded = (frame for packet in source.demux(stream) for frame in packet.decode())
        for frame in _through(resampler, decoded):
            heard = array("h", bytes(frame.planes[0])[: 2 * frame.samples])
            loudest = max(loudest, max(heard, default=0), -min(heard, default=0))
            frame.pts, samples = samples, samples + frame.samples
            if samples > LONGEST * RATE:
                raise No("long")
            target.mux(opus.encode(frame))
        target.mux(opus.encode(None))
    if loudest < QUIET:
        raise No("silent")
    return max(1, round(samples / RATE)), made.getvalue()


def _through(resampler: Any, frames: Any) -> Any:
    for frame in frames:
        frame.pts = None  # places in time may be wrong or missing; the order is what was said
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def photo(content: bytes) -> tuple[int, bytes]:
    """Nothing and the bytes of the same picture as a small JPEG, upright; raises No."""
    from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

    Image.preinit()
    assert all((JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin))  # what is needed
    close_all_doors()
    kind = kind_of(content, PHOTOS)
    try:
        with Image.open(BytesIO(content), formats=[kind]) as found:
            if found.width * found.height > PIXELS:
                raise No("large")
            found.draft("RGB", (SIDE, SIDE))  # a JPEG can be read small
            picture: Image.Image = found if found.mode in {"RGB", "RGBA", "L"} else found.convert("RGBA")
            picture.thumbnail((SIDE, SIDE))
            picture = ImageOps.exif_transpose(picture)
            plain = Image.new("RGB", picture.size, "white")
            plain.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    except Image.DecompressionBombError as problem:
        raise No("large") from problem
    except (OSError, SyntaxError, ValueError) as problem:
        raise No("broken") from problem
    made = BytesIO()
    plain.save(made, "JPEG", quality=QUALITY)
    return 0, made.getvalue()


def main() -> None:
    """One file from the input, made anew to the output."""
    confine()
    make = {"speech": speech, "photo": photo}[sys.argv[1]]
    content = sys.stdin.buffer.read()
    try:
        seconds, made = make(content)
        answer = b"ok %d\n" % seconds + made
    except No as no:
        answer = f"no {no}\n".encode()
    except ImportError:
        sys.exit(UNUSABLE)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
