"""The two ways in which Withus says no, and the one in which it asks for patience."""


class Denied(Exception):
    """The policy says no; `reason` is a sentence for the person and becomes a 403 page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The deed cannot be done like this; `sentence` is advice and becomes a form's error, `field` says where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Busy(Exception):
    """Too many people ask for the same costly thing at once; becomes a 503 page with Retry-After."""
