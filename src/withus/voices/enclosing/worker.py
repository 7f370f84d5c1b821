"""Makes one file anew: speech as Opus, a photo as JPEG, and nothing of what its device wrote into it.

A process of its own for one file, started as `python -I worker.py speech|photo`: no settings, no network, no disk. It
reads the file from its input and writes `ok SECONDS` or `no REASON`, a line's end, and the new file. What it imports
comes before the last limits, after which it can open nothing and ask the kernel for nothing but what decoding takes.
With `doors` it tries in vain, or not, what a decoder that was taken over would try, and writes what went.
"""

import errno
import os
import struct
import sys
from array import array
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

MB = 1024 * 1024
CPU_SECONDS, MEMORY = 40, 1024 * MB
LONGEST = 300  # seconds of speech
RATE, BITS, FRAME = 24_000, 20_000, 60  # samples and bits a second, and milliseconds: enough for every voice
_OPUS = {"application": "voip", "vbr": "constrained", "frame_duration": str(FRAME)}
QUIET = 64  # of 32,768: below it a microphone has heard nothing
PIXELS, SIDE, QUALITY = 50_000_000, 1600, 80
WHOLE = 20_000_000  # points of a picture that cannot be read small, as a JPEG can: each costs its time
PIECES = 150_000  # that a recording is cut into: five minutes in the shortest frames are fewer
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
        libc = _libc()
        libc.prctl(1, 9)  # PR_SET_PDEATHSIG: ends with whoever started it
        libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: what it reads is for no other process of this account
        libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def close_all_doors() -> None:
    """From here on no file, socket or program can be opened, and no other process seen, signalled, traced or made."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if sys.platform == "linux":
        _ask_for_nothing_else()


# What decoding asks a kernel for, by architecture: its number for audits, then the calls. All else is refused.
_ALLOWED = {
    "x86_64": (
        0xC000003E,
        "0 1 3 5 8 9 10 11 12 13 14 15 19 20 24 25 28 35 39 60 131 186 202 204 219 228 230 231 318 334",
    ),
    "aarch64": (
        0xC00000B7,
        "63 64 57 80 62 222 226 215 214 134 135 139 65 66 124 216 233 101 172 93 132 178 98 123 128 113 115 94 278 293",
    ),
}  # read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn readv writev
# sched_yield mremap madvise nanosleep getpid exit sigaltstack gettid futex sched_getaffinity restart_syscall
# clock_gettime clock_nanosleep exit_group getrandom rseq
_LOAD, _IS, _RETURN = 0x20, 0x15, 0x06  # BPF: a word of what is asked; jump if it equals; the answer
_KILL, _REFUSE, _ALLOW = 0x80000000, 0x00050001, 0x7FFF0000  # the process ends; EPERM; go on


def _ask_for_nothing_else() -> None:
    """A filter of system calls for the rest of this process; where a kernel has none, the limits above have to do."""
    import ctypes

    if os.uname().machine not in _ALLOWED or sys.maxsize < 2**32:
        return
    audit, names = _ALLOWED[os.uname().machine]
    numbers = [int(one) for one in names.split()]
    lines = [(_LOAD, 0, 0, 4), (_IS, 1, 0, audit), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    lines += [(_IS, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    lines += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    given = ctypes.create_string_buffer(struct.pack("@HP", len(lines), ctypes.addressof(program)))
    _libc().prctl(22, 2, ctypes.byref(given), 0, 0)  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def kind_of(content: bytes, kinds: dict[str, tuple[bytes, int]]) -> str:
    """Which of these kinds the first bytes say; raises No."""
    for kind, (magic, place) in kinds.items():
        if content[place : place + len(magic)] == magic:
            return kind
    if kinds is SPEECH and content[:1] == b"\xff" and content[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa"):
        return "mp3"
    raise No("type")


def is_cut(content: bytes, kind: str) -> bool:
    """Whether the file says itself that it is longer than what came; raises No."""
    if kind == "wav":
        said = int.from_bytes(content[4:8], "little")
        return said not in _NEVER_SAID and said + 8 > len(content)
    walk = {"ogg": _end_of_page, "mov": _end_of_box, "matroska": _end_of_element}.get(kind)
    place = pieces = 0
    while walk and place < len(content):
        pieces += 1
        if pieces > PIECES:
            raise No("broken")  # it is made to be walked through, not to be heard
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
            if found.width * found.height > (PIXELS if kind == "JPEG" else WHOLE):
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


def doors(_content: bytes) -> tuple[int, bytes]:
    """Which doors are open all the same: what a decoder that was taken over could do beyond its own file."""
    import ctypes
    import socket

    def look_into() -> None:
        there = ctypes.create_string_buffer(struct.pack("@PN", 1, 1))
        _libc().process_vm_readv(os.getppid(), ctypes.byref(there), 1, ctypes.byref(there), 1, 0)
        if ctypes.get_errno() != errno.EFAULT:  # there is nothing at that place, but the kernel went to see
            raise OSError

    def fork() -> None:
        if not os.fork():
            os._exit(0)

    if sys.platform == "win32":
        return 0, b"files network processes signals memory"  # nothing is taken away there
    started_by = os.getppid()
    tried: dict[str, Callable[[], object]] = {
        "files": lambda: os.open(__file__, os.O_RDONLY),
        "network": socket.socket,
        "processes": fork,
        "signals": lambda: os.kill(started_by, 0),
        "memory": look_into,
    }
    close_all_doors()
    found = []
    for name, door in tried.items():
        with suppress(OSError, AttributeError):  # one that this system does not have is shut
            door()
            found.append(name)
    return 0, " ".join(found).encode()


def main() -> None:
    """One file from the input, made anew to the output."""
    confine()
    make = {"speech": speech, "photo": photo, "doors": doors}[sys.argv[1]]
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
