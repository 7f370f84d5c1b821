"""Sealing: what is altered, or opened with another key, stays closed."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from withus.core import codes, keys, sealing


def test_what_is_sealed_opens_with_its_key_only() -> None:
    key = codes.key()
    sealed = sealing.seal(key, b"words")
    assert sealing.unseal(key, sealed) == b"words"
    for wrong_key, wrong in ((codes.key(), sealed), (key, sealed[:-1] + bytes([sealed[-1] ^ 1])), (key, b"")):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(wrong_key, wrong)


def test_subkeys_of_one_secret_are_strangers_to_one_another() -> None:
    root = sealing.derive("abandon ability", b"0123456789abcdef")
    assert root == sealing.derive("abandon ability", b"0123456789abcdef")
    assert len({root.value, root.subkey("auth"), root.subkey("wrap")}) == 3


# Published vectors, so that what we call is what its name says: Argon2's reference code (test.c, argon2id, version 19,
# "password", "somesalt": t, KiB, p), RFC 7748 6.1, draft-irtf-cfrg-xchacha-03 A.3.1, and NaCl's own tests.
ARGON2ID = {
    (2, 65536, 1): "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
    (2, 256, 1): "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
}
X25519 = {
    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a": (
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    ),
    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb": (
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    ),
}
LADIES = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)
XCHACHA = (
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216"
    "cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13"
    "b52ec0875924c1c7987947deafd8780acf49"
)
SECRET_BOX = {
    "key": "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389",
    "nonce": "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37",
    "plain": (
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c6129"
        "6cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
        "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705"
    ),
    "sealed": (
        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a"
        "c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
        "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74"
        "e355a5"
    ),
}


@pytest.mark.parametrize(("cost", "expected"), ARGON2ID.items())
def test_argon2id_follows_its_published_vectors(cost: tuple[int, int, int], expected: str) -> None:
    assert sealing.hash_secret_raw(b"password", b"somesalt", *cost, 32, sealing.Type.ID).hex() == expected


@pytest.mark.usefixtures("true_argon2")
def test_derivation_and_its_subkeys_stay_what_they_were() -> None:
    root = sealing.derive("password", b"somesalt")
    assert (sealing.MEMORY_KIB, sealing.ROUNDS) == (19456, 2)
    assert root.value.hex() == "3cbd356a63f2794bb11bb1f4bc8af95fea87919bd69c79860465c562f87ccf61"
    assert root.subkey("auth").hex() == "67870e2c6702804b906b7a72846a34c94d684d5ba02bf4bbe5d12930ec2cf8ba"
    assert root.subkey("wrap").hex() == "e6203905d7ff43e2431b4e4923ffcbe8e8c59847860b130b4a94c23f4a52cf05"


@pytest.mark.parametrize(("private", "public"), X25519.items())
def test_pairs_follow_the_published_vectors(private: str, public: str) -> None:
    assert sealing.pair(bytes.fromhex(private)).public.hex() == public


def test_sealing_follows_the_published_vectors() -> None:
    key, nonce, plain, sealed = (bytes.fromhex(SECRET_BOX[one]) for one in ("key", "nonce", "plain", "sealed"))
    assert sealing.unseal(key, nonce + sealed) == plain
    key, nonce = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58))
    made = sealing.Aead(key).encrypt(LADIES, bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), nonce)
    assert made.ciphertext.hex() == XCHACHA


def test_derivations_come_one_at_a_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, most, lock = 0, 0, threading.Lock()

    def slow(*_: object) -> bytes:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1
        return bytes(32)

    monkeypatch.setattr(sealing, "hash_secret_raw", slow)
    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(lambda _: sealing.derive("x", bytes(8)), range(8)))) == 8
    assert most == 1


def test_other_processes_wait_in_the_same_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = (
        "import sys; from withus.core.sqlite.gate import gate_of\n"
        "line = gate_of(sys.argv[1], in_memory=False)\n"
        "line.enter(); print('held', flush=True); sys.stdin.read(); line.leave()"
    )
    (home / "data").mkdir()
    command = [sys.executable, "-c", held, str(home / "data" / "hash")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "held\n"
        with ThreadPoolExecutor(1) as pool:
            waits = pool.submit(sealing.derive, "x", bytes(8))
            with pytest.raises(TimeoutError):
                waits.result(0.3)
            other.stdin.close()
            assert waits.result(20).value


def test_a_key_file_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    first = keys.read_or_make("some.key")
    assert keys.read_or_make("some.key") == first
    assert keys.path_of("some.key").stat().st_mode & 0o777 == 0o600
    keys.path_of("some.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        keys.read_or_make("some.key")
