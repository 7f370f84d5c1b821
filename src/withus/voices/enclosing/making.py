"""Hands a file to the worker, in a process of its own, and judges what comes back: nothing of it touches the disk."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from django.utils.translation import gettext_lazy as _

from withus.core import sealing
from withus.core.errors import Refused
from withus.voices.enclosing.worker import UNUSABLE

SECONDS = 60  # by the clock on the wall, however little of them it works
LARGEST = 10 * 1024 * 1024  # bytes of one file, before and after
WORKER = Path(__file__).with_name("worker.py")
_NEEDED = ("SYSTEMROOT",)  # without it no program starts on Windows
_SPEECH, _PHOTO = "speech", "photo"
ORIGINAL = "original"  # the bytes as they were sent, kept beside what was made of them because somebody asked
_BEGINS = {_SPEECH: b"\x1a\x45\xdf\xa3", _PHOTO: b"\xff\xd8\xff"}
MEDIA = {_SPEECH: "audio/webm", _PHOTO: "image/jpeg"}
_WHY = {
    (_SPEECH, "type"): _("We cannot play this file. Send a recording: webm, ogg, mp3, m4a or wav."),
    (_PHOTO, "type"): _("We cannot show this file. Send a photo: jpeg, png or webp."),
    (_SPEECH, "cut"): _("The end of this recording is missing. Choose it again, or record it once more."),
    (_SPEECH, "long"): _("This is longer than five minutes. Say it in less, or send the rest as a second voice."),
    (_SPEECH, "silent"): _("There is nothing to hear in it. Speak closer to the microphone, or write it."),
    (_SPEECH, "broken"): _("This recording is damaged. Record it once more, or write it."),
    (_PHOTO, "broken"): _("This photo is damaged, or its end is missing. Choose it again, or another one."),
    (_PHOTO, "large"): _(
        "This photo has more than 50 million points, or than 20 million as png or webp. Take a smaller one."
    ),
}
_TOO_MUCH = _("It takes too much to look into this file. Send a shorter recording or a smaller photo.")


@dataclass(frozen=True)
class Made:
    """A file made anew, before it is sealed: what it is, how long it is to hear, and its bytes."""

    kind: str
    seconds: int
    content: bytes


def speech(content: bytes) -> Made:
    """The speech, made anew. Raises Refused, CannotSeal."""
    return _made(_SPEECH, content, "audio")


def photo(content: bytes) -> Made:
    """The photo, made anew. Raises Refused, CannotSeal."""
    return _made(_PHOTO, content, "photos")


def everything(audio: bytes, photos: Sequence[bytes], *, as_evidence: bool) -> list[Made]:
    """What was sent beside words, made anew; as evidence each is followed by itself. Raises Refused, CannotSeal."""
    sent = [(one, photo) for one in photos]
    if audio:
        sent.insert(0, (audio, speech))
    made = [[make(one), Made(ORIGINAL, 0, one)] for one, make in sent]
    return [one for both in made for one in (both if as_evidence else both[:1])]


def _made(kind: str, content: bytes, field: str) -> Made:
    with sealing.or_nothing():  # a worker that cannot work is our fault, and nothing is stored
        made = _answer(kind, content)
    if isinstance(made, str):
        raise Refused(str(_WHY.get((kind, made), _TOO_MUCH)), field)
    return made


def _answer(kind: str, content: bytes) -> Made | str:
    """What the worker made, or why not; nothing if it was stopped."""
    status, answer = run([sys.executable, "-I", str(WORKER), kind], content)
    if status == UNUSABLE:
        raise OSError("this machine has not what a worker needs")
    if status or len(answer) > LARGEST:
        return ""
    first, _end, made = answer.partition(b"\n")
    word, rest = first.decode("ascii").split(" ")
    if word == "no":
        return rest
    if word != "ok" or not made.startswith(_BEGINS[kind]):
        raise ValueError("the worker gave something else")
    return Made(kind, int(rest), made)


def open_doors() -> list[str]:
    """What a worker that was taken over could reach on this machine beside its own file, as it finds by trying."""
    status, answer = run([sys.executable, "-I", str(WORKER), "doors"], b"")
    if status:
        raise OSError("a worker cannot start here")
    return answer.partition(b"\n")[2].decode("ascii").split()


def run(command: list[str], content: bytes) -> tuple[int, bytes]:
    """Status and output of a command that gets this input, no descriptors, no environment and an empty folder."""
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="withus-empty-", ignore_cleanup_errors=True) as empty:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=empty,  # gone as soon as it has begun there, so that none is left where somebody kills us
            env=environment,
            close_fds=True,
        )
    limit = Timer(SECONDS, process.kill)
    limit.start()
    try:
        return _talk(process, content)
    finally:
        limit.cancel()
        process.kill()
        process.wait()


def _talk(process: subprocess.Popen[bytes], content: bytes) -> tuple[int, bytes]:
    """It reads all before it answers, so nobody waits for the other."""
    assert process.stdin
    assert process.stdout
    with process.stdin as to, process.stdout as answer:
        with suppress(BrokenPipeError):  # it ended, or was ended, before it had read all
            to.write(content)
            to.close()
        said = answer.read(LARGEST + 1)
        if len(said) > LARGEST:
            process.kill()
    return process.wait(), said
