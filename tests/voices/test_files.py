"""Files are made anew by a process that can do nothing; what means no good is refused with a sentence."""

import ast
import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.voices import files
from withus.core.errors import CannotSeal, Refused
from withus.voices.enclosing import making, worker

CANARY = files.CANARY.encode()


@pytest.mark.parametrize(
    ("form", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("mp4", "aac")],
)
def test_speech_of_every_kind_becomes_opus_without_what_its_device_wrote(form: str, codec: str) -> None:
    sent = files.speech(3, form, codec)
    assert CANARY in sent
    made = making.speech(sent)
    assert (made.kind, made.seconds) == ("speech", 3)
    assert CANARY not in made.content
    assert len(made.content) < 3 * 4000, "24 kbit a second and what holds them together"
    with av.open(BytesIO(made.content)) as found:
        (stream,) = found.streams
        assert (stream.codec_context.name, stream.codec_context.layout.nb_channels) == ("opus", 1)
        tags = {**found.metadata, **stream.metadata}
        assert {name.lower() for name in tags} <= {"encoder", "duration"}
        heard = sum(frame.samples / frame.sample_rate for frame in found.decode(stream))
    assert abs(heard - 3) < 0.2


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_small_jpeg_upright_without_place_or_maker(form: str) -> None:
    sent = files.photo(form)
    assert CANARY in sent
    made = making.photo(sent)
    assert CANARY not in made.content
    assert b"Exif" not in made.content
    with Image.open(BytesIO(made.content)) as found:
        assert (found.format, found.size) == ("JPEG", (800, 1600)), "turned as the device said"
        assert not found.getexif()
        assert {"exif", "comment", "icc_profile", "xmp"}.isdisjoint(found.info)


def test_what_hangs_on_a_file_goes_with_it() -> None:
    tail = b"<script>" + CANARY + b"</script>PK\x03\x04" + CANARY
    assert CANARY not in making.photo(files.photo() + tail).content
    assert CANARY not in making.speech(files.speech(form="wav", codec="pcm_s16le") + tail).content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files.SVG, "jpeg, png or webp"),
        (b"%PDF-1.7\n" + files.photo(), "jpeg, png or webp"),
        (b"GIF89a=alert(1);", "jpeg, png or webp"),
        (b"<html>" + files.photo(), "jpeg, png or webp"),
        (b"MZ", "jpeg, png or webp"),
        (files.photo()[:2000], "damaged"),
        (b"\xff\xd8\xff", "damaged"),
        (files.png_that_says(10_000, 10_000), "50 million points"),
        (files.png_that_says(60_000, 60_000), "50 million points"),
        (files.png_with_a_bomb(), "damaged"),
        (files.blank_png(4500, 4500), "20 million as png"),
    ],
)
def test_photos_that_mean_no_good_are_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        making.photo(content)
    assert refused.value.field == "photos"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (files.PLAYLIST, "webm, ogg, mp3"),
        (files.SVG, "webm, ogg, mp3"),
        (files.photo(), "webm, ogg, mp3"),
        (b"OggS", "damaged|missing"),
        (b"\x1a\x45\xdf\xa3", "damaged|missing"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(24), "damaged"),
        (files.speech(2, loud=0), "nothing to hear"),
        (files.speech(301, rate=8000, form="mp3", codec="libmp3lame"), "five minutes"),
        (files.hour_of_silence(), "five minutes"),
        *(
            (files.speech(3, *kind)[:-700], "The end of this recording is missing")
            for kind in (
                ("webm", "libopus"),
                ("ogg", "libopus"),
                ("wav", "pcm_s16le"),
                ("mp4", "aac"),
            )
        ),
    ],
    ids=[
        "playlist",
        "svg",
        "photo",
        "ogg",
        "webm",
        "m4a",
        "silence",
        "long",
        "an hour of silence",
        "cut webm",
        "cut ogg",
        "cut wav",
        "cut mp4",
    ],
)
def test_recordings_that_mean_no_good_are_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        making.speech(content)
    assert refused.value.field == "audio"


def test_a_recording_of_very_many_pieces_costs_little() -> None:
    begun = time.process_time()
    with pytest.raises(worker.No, match="broken"):
        worker.is_cut(files.of_pieces(5_000_000), "matroska")
    assert time.process_time() - begun < 2
    assert not worker.is_cut(files.speech(10), "matroska")


def _does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str) -> None:
    """A worker that does this after its doors are shut, in place of reading a photo."""
    own = tmp_path / "worker.py"
    lines = f"import sys\nsys.path.insert(0, {str(making.WORKER.parent)!r})\nimport worker, socket, subprocess, os\n"
    own.write_text(f"{lines}worker.confine()\nworker.close_all_doors()\n{does}\n")
    monkeypatch.setattr(making, "WORKER", own)


def test_a_busy_file_is_stopped_by_its_seconds_of_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _does(monkeypatch, tmp_path, "while True: pass")
    own = tmp_path / "worker.py"
    own.write_text(own.read_text().replace("worker.confine()", "worker.CPU_SECONDS = 1; worker.confine()"))
    begun = time.monotonic()
    with pytest.raises(Refused, match="too much"):
        making.photo(files.photo())
    assert time.monotonic() - begun < 20


def test_one_that_only_waits_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(making, "SECONDS", 1)
    _does(monkeypatch, tmp_path, "import time\ntime.sleep(600)")
    begun = time.monotonic()
    with pytest.raises(Refused, match="too much"):
        making.photo(bytes(10**6))
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    "does",
    [
        "bytearray(2 * 1024 ** 3)",
        "open('/etc/hostname')",
        "open('here', 'w')",
        "socket.socket()",
        "subprocess.run(['/bin/true'])",
        "os.pipe()",
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems take less away")
def test_a_worker_has_no_memory_no_disk_no_network_and_no_other_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    could, could_not = "sys.stdout.write('ok 0\\nit could')", "sys.stdout.write('no large\\n')"
    answer = f"try:\n    {does}\n    {could}\nexcept (OSError, MemoryError):\n    {could_not}"
    _does(monkeypatch, tmp_path, answer)
    with pytest.raises(Refused, match="50 million"):
        making.photo(files.photo())


def test_a_worker_inherits_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WITHUS_SECRET", "nobody may see this")
    kept = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(kept, True)
    script = (
        "import os, sys\n"
        "free = []\n"
        "for number in range(3, 100):\n"
        "    try:\n        os.fstat(number)\n        free.append(number)\n    except OSError:\n        pass\n"
        "sys.stdout.write(repr((sorted(os.environ), os.listdir('.'), free)))"
    )
    status, said = making.run([sys.executable, "-I", "-c", script], b"")
    os.close(kept)
    names, inside, descriptors = ast.literal_eval(said.decode())
    assert (status, inside, descriptors) == (0, [], [])
    assert set(names) <= {"LC_CTYPE", "SYSTEMROOT"}, "Python itself names the encoding"


@pytest.mark.parametrize(
    "does", ["sys.exit(3)", "sys.stdout.write('ok 0\\n<html>')", "sys.stdout.write('ok')", "sys.stdout.write('\\xff')"]
)
def test_a_worker_that_cannot_work_or_gives_something_else_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    _does(monkeypatch, tmp_path, does)
    with pytest.raises(CannotSeal):
        making.photo(files.photo())


def test_a_worker_that_gives_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _does(monkeypatch, tmp_path, "while True: sys.stdout.write('x' * 100_000)")
    with pytest.raises(Refused, match="too much"):
        making.photo(b"")


def test_a_worker_leaves_no_folder_behind_however_it_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    script = f"import os, sys; sys.stdin.read(); print(os.listdir({str(tmp_path)!r}))"
    assert making.run([sys.executable, "-I", "-c", script], b"")[1].strip() == b"[]", (
        "it would stay where we are killed"
    )


def test_the_server_itself_never_loads_what_reads_files(tmp_path: Path) -> None:
    script = (
        "import sys, django\nfrom django.conf import settings\n"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'withus.settings'\n"
        "django.setup()\nimport withus.urls, withus.voices.views\n"
        "print(sorted({'av', 'PIL'} & sys.modules.keys()))"
    )
    found = subprocess.check_output([sys.executable, "-c", script], cwd=tmp_path, env={})
    assert found.strip() == b"[]"
