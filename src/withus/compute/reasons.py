"""Whether a text says enough to be a reason: an answer of one word is silence with a stamp."""

LEAST_LETTERS, LEAST_DIFFERENT, LEAST_WORDS = 20, 6, 3
_WITHOUT_SPACES = range(0x2E80, 0x10000)  # Chinese, Japanese and others do not part words by spaces


def says_enough(text: str) -> bool:
    """Three different words and twenty letters at least, six of them different; ten where words are not parted."""
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    if sum(ord(letter) in _WITHOUT_SPACES and not letter.isascii() for letter in letters) > len(letters) / 2:
        return len(letters) >= LEAST_LETTERS / 2 and len(set(letters)) >= LEAST_DIFFERENT
    words = {"".join(filter(str.isalpha, word)) for word in text.casefold().split()} - {""}
    return len(words) >= LEAST_WORDS and len(letters) >= LEAST_LETTERS and len(set(letters)) >= LEAST_DIFFERENT
