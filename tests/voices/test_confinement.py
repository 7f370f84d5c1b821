"""A decoder that was taken over reaches nothing: each way out is tried from inside a worker, as root and as nobody."""

import ctypes
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from withus.voices.enclosing import making, worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems take less away, and check says so")
NOBODY = 65534
HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
CALLS = (
    "read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn readv writev "
    "sched_yield mremap madvise nanosleep getpid exit sigaltstack gettid futex sched_getaffinity restart_syscall "
    "clock_gettime clock_nanosleep exit_group getrandom rseq"
)
# Ways out by their numbers on x86_64 and aarch64, with arguments that a kernel without a filter would look at. Whoever
# started the worker is PARENT; signal 0 harms nobody.
WAYS = {
    "read its memory": (310, 270, "PARENT, near, 1, near, 1, 0"),
    "write its memory": (311, 271, "PARENT, near, 1, near, 1, 0"),
    "trace it": (101, 117, "16, PARENT, 0, 0"),
    "signal it": (62, 129, "PARENT, 0"),
    "signal a thread of it": (234, 131, "PARENT, PARENT, 0"),
    "take a handle of it": (434, 434, "PARENT, 0"),
    "take what it has open": (438, 438, "0, 0, 0"),
    "change its limits": (302, 261, "PARENT, 7, 0, near"),
    "make a process": (56, 220, "17, 0, 0, 0, 0"),
    "make a process anew": (435, 435, "near, 88"),
    "become a program": (59, 221, "path, 0, 0"),
    "open a file": (257, 56, "-100, path, 0, 0"),
    "open a file anew": (437, 437, "-100, path, near, 24"),
    "look at a file": (262, 79, "-100, path, near, 0"),
    "delete a file": (263, 35, "-100, path, 0"),
    "open a socket": (41, 198, "2, 1, 0"),
    "open a pair of sockets": (53, 199, "1, 1, 0, near"),
    "share memory": (29, 194, "1, 4096, 0o1600"),
    "leave a message": (68, 186, "1, 0o1600"),
    "keep a key": (250, 219, "0, -3, 0"),
    "queue work in the kernel": (425, 425, "1, near"),
    "load a program into the kernel": (321, 280, "0, near, 64"),
    "measure others": (298, 241, "near, PARENT, -1, -1, 0"),
    "leave its room": (272, 97, "0x10000000, 0"),
    "rule the terminal": (16, 29, "0, 0x5413, near"),
}
TRIES = """
import ctypes, json, os, resource, struct, sys  # before nobody may read where Python lies
sys.path.insert(0, {folder!r})
import worker
near, path = (ctypes.create_string_buffer(256), ctypes.create_string_buffer(b"/etc/hostname"))
PARENT, libc = os.getppid(), ctypes.CDLL(None, use_errno=True)
if {uid}:
    os.setgroups([]), os.setgid({uid}), os.setuid({uid})
worker.confine()
if {is_shut}:
    worker.close_all_doors()
came = {{}}
for name, number, arguments in {ways!r}:
    ctypes.set_errno(0)
    gave = libc.syscall(number, *eval(arguments))
    if name.startswith("make a process") and gave == 0:
        os._exit(0)
    came[name] = ctypes.get_errno() if gave == -1 else 0
os.write(1, json.dumps(came).encode())
"""


def outcome(tmp_path: Path, *, uid: int, is_shut: bool = True, only: tuple[str, ...] = tuple(WAYS)) -> dict[str, int]:
    """What each way out came to: 0 if it went, or the number of the error."""
    which = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
    ways = [(name, WAYS[name][which], WAYS[name][2]) for name in only]
    told = {"folder": str(making.WORKER.parent), "uid": uid, "is_shut": is_shut, "ways": ways}
    own = tmp_path / "tries.py"
    own.write_text(TRIES.format(**told))
    status, said = making.run([sys.executable, "-I", str(own)], b"")
    assert status == 0
    found: dict[str, int] = json.loads(said)
    return found


def as_whom() -> list[int]:
    """Who runs the worker: this account, and nobody where it can become that."""
    return [0, NOBODY] if os.geteuid() == 0 else [0]


@pytest.mark.skipif(os.uname().machine not in worker._ALLOWED, reason="the filter knows two architectures")
@pytest.mark.parametrize("uid", as_whom())
def test_every_way_out_of_a_worker_is_refused(tmp_path: Path, uid: int) -> None:
    assert {name for name, came in outcome(tmp_path, uid=uid).items() if came != 1} == set()


def test_without_the_filter_the_same_tries_would_go(tmp_path: Path) -> None:
    only = ("signal it", "change its limits", "open a file", "open a socket", "make a process")
    assert {one for one in outcome(tmp_path, uid=0, is_shut=False, only=only).values()} == {0}, "they are tries"


def test_a_worker_of_ours_finds_no_open_door() -> None:
    assert making.open_doors() == []


def test_where_the_kernel_has_no_filter_the_open_doors_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "worker.py"
    own.write_text(making.WORKER.read_text().replace("    _ask_for_nothing_else()\n", "    pass\n"))
    monkeypatch.setattr(making, "WORKER", own)
    found = making.open_doors()
    assert "signals" in found
    assert not {"files", "network"} & set(found), "for these the limits do"


@pytest.mark.parametrize("machine", HEADERS)
def test_the_calls_that_are_allowed_are_those_that_are_named(machine: str) -> None:
    header = Path(HEADERS[machine])
    if not header.is_file():
        pytest.skip("no header of this architecture here")
    numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    assert worker._ALLOWED[machine][1] == " ".join(numbers[one] for one in CALLS.split())


AS_NOBODY = """
import ctypes, os, struct, sys, time
sys.path.insert(0, {source!r})
from withus.core import apart
libc = ctypes.CDLL(None)
if os.geteuid() == 0:
    os.setgroups([]), os.setgid({nobody}), os.setuid({nobody})
    libc.prctl(4, 1, 0, 0, 0)  # as a program begins that nobody started
"""
HOLDS = """
if {is_closed}:
    apart.close_memory()
secret = ctypes.create_string_buffer(b"a key of the house")
print(ctypes.addressof(secret), flush=True)
time.sleep(60)
"""
LOOKS = """
found = ctypes.create_string_buffer(19)
here = ctypes.create_string_buffer(struct.pack("@PN", ctypes.addressof(found), 18))
there = ctypes.create_string_buffer(struct.pack("@PN", int(sys.argv[2]), 18))
libc.process_vm_readv(int(sys.argv[1]), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
print(found.value.decode())
"""


def read_by_another(*, is_closed: bool) -> str:
    """What a process of an ordinary account reads in the memory of another process of it."""
    ordinary = AS_NOBODY.format(source=str(Path(making.__file__).parents[3]), nobody=NOBODY)
    holds = [sys.executable, "-c", ordinary + HOLDS.format(is_closed=is_closed)]
    with subprocess.Popen(holds, stdout=subprocess.PIPE, text=True) as held:
        try:
            assert held.stdout
            looks = [sys.executable, "-c", ordinary + LOOKS, str(held.pid), held.stdout.readline().strip()]
            return subprocess.run(looks, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        finally:
            held.kill()


def test_no_process_of_the_same_account_reads_the_memory_of_ours() -> None:
    if read_by_another(is_closed=False) != "a key of the house":
        pytest.skip("the kernel lets nobody look into others anyway")
    assert read_by_another(is_closed=True) == ""


def test_every_process_that_sets_up_withus_has_closed_its_memory() -> None:
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE; this process has set it up
