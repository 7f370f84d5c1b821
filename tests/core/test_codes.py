"""Codes and passphrases: long enough, readable, and wrong ones found quickly."""

import math

from withus.core import codes


def test_a_passphrase_keeps_at_least_64_bits_after_its_check() -> None:
    bits = codes.PASSPHRASE_WORDS * math.log2(len(codes.fit_words())) - 8
    assert bits >= 64


def test_the_words_are_told_apart_by_four_letters_and_are_fit_for_paper() -> None:
    assert len(codes.words()) == 2048
    assert len({word[:4] for word in codes.words()}) == 2048
    assert not {"needle", "syringe", "pill", "police", "smoke"} & set(codes.fit_words())


def test_ana_may_type_only_four_letters_in_capitals_with_commas() -> None:
    assert codes.read_words(" ABAN, abil-ABOUT ") == "abandon ability about"


def test_a_code_is_read_whatever_case_spaces_and_lookalikes() -> None:
    assert codes.read_code("abcd-efgh iljo") == "ABCDEFGH11J0"
    assert codes.read_code("*ab.cd_ef/gh\u200b|٤:５") == "ABCDEFGH45"
    assert codes.grouped("ABCDEFGH") == "ABCD-EFGH"


def test_a_given_passphrase_passes_its_check_and_255_of_256_others_do_not() -> None:
    secret = b"s" * 32
    phrase = codes.passphrase(secret, "calm-otter-1")
    assert codes.passphrase_may_be(secret, "calm-otter-1", phrase)
    others = [" ".join(codes.shuffled(phrase.split())) for _ in range(2000)]
    passing = sum(codes.passphrase_may_be(secret, "calm-otter-1", other) for other in others if other != phrase)
    assert passing < 40
    assert not codes.passphrase_may_be(secret, "calm-otter-1", "")


def test_public_codes_carry_65_bits_and_differ() -> None:
    assert len({codes.code() for _ in range(1000)}) == 1000
    assert len(codes.code()) * 5 >= 64
