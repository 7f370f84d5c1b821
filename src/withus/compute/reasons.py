"""Whether a text says enough to be a reason, or anything at all: an answer of one word is silence with a stamp."""

LETTERS_A_WORD, LEAST_DIFFERENT = 3, 5
OF_A_REASON, OF_ANYTHING = 3, 2  # words, different ones; peers' words may be as short as "No soap."
_WITHOUT_SPACES = range(0x2E80, 0x10000)  # Chinese, Japanese and others do not part words by spaces


def says_enough(text: str, least: int = OF_A_REASON) -> bool:
    """At least so many different words, of three letters each on average, and five different letters.

    Where words are not parted by spaces, two signs count as a word.
    """
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    if sum(ord(letter) in _WITHOUT_SPACES and not letter.isascii() for letter in letters) > len(letters) / 2:
        return len(letters) >= 2 * least and len(set(letters)) >= min(2 * least, LEAST_DIFFERENT)
    words = {"".join(filter(str.isalpha, word)) for word in text.casefold().split()} - {""}
    return len(words) >= least and len(letters) >= LETTERS_A_WORD * least and len(set(letters)) >= LEAST_DIFFERENT


def names_something(text: str) -> bool:
    """Whether a title can be one: two letters or digits at least; one where words are not parted."""
    signs = [sign for sign in text if sign.isalnum()]
    return len(signs) > 1 or any(ord(sign) in _WITHOUT_SPACES for sign in signs)


def repeats(text: str, said: str) -> bool:
    """Whether a text says again what must not be said again: four words in a row of it, or all of it if it is shorter.

    Where words are not parted by spaces, eight signs in a row.
    """
    return _shares(_words(text), _words(said), 4) or _shares(_wide(text), _wide(said), 8)


def _words(text: str) -> list[str]:
    return [word for word in ("".join(filter(str.isalnum, part)) for part in text.casefold().split()) if word]


def _wide(text: str) -> list[str]:
    return [letter for letter in text if ord(letter) in _WITHOUT_SPACES and letter.isalnum()]


def _shares(own: list[str], said: list[str], run: int) -> bool:
    run = min(run, len(said))
    parts = {tuple(said[start : start + run]) for start in range(len(said) - run + 1)} if run else set()
    return any(tuple(own[start : start + run]) in parts for start in range(len(own) - run + 1))
