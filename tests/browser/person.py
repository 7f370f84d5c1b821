"""Somebody at a browser, who does things by the words on the page."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass
class Person:
    """Somebody at a browser of her own, with what she wrote down."""

    page: Page
    pseudonym: str = ""
    passphrase: str = ""

    def goes_to(self, path: str) -> "Person":
        """Types an address."""
        self.page.goto(path)
        return self

    def follows(self, link: str) -> "Person":
        """Follows a link by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=True).first.click()
        return self

    def answers(self, **said: str) -> "Person":
        """Fills in fields by their names: a text, "yes" for a box, or the value of a choice."""
        for name, value in said.items():
            field = self.page.locator(f"main [name={name}]")
            kind = field.first.get_attribute("type") or field.first.evaluate("one => one.tagName")
            if kind == "radio":
                self.page.locator(f"main [name={name}][value={value}]").check()
            elif kind == "checkbox":
                field.check()
            elif kind == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def presses(self, button: str) -> "Person":
        """Presses a button by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()
        return self

    def sees(self, words: str) -> "Person":
        """The page says this."""
        expect(self.page.locator("body")).to_contain_text(words)
        return self

    def secrets(self) -> list[str]:
        """What is shown once on this page, to be written down."""
        return [
            " ".join(one.locator("span, li").all_inner_texts())
            for one in self.page.locator(".secret-groups, .secret-words").all()
        ]

    def writes_the_card_down(self) -> "Person":
        """Keeps pseudonym and passphrase, and types two words back, four letters of each."""
        self.pseudonym, self.passphrase = self.secrets()
        words = self.passphrase.split()
        assert len(words) == 7
        self.presses("I have written it down").answers(second=words[1][:4], fifth=words[4][:4]).presses("Go in")
        return self.sees(self.pseudonym.replace(" ", "-"))

    def joins(self, code: str) -> "Person":
        """Uses a card."""
        self.goes_to("/join").answers(code=code.lower()).presses("Go on")
        return self.writes_the_card_down()

    def signs_in(self) -> "Person":
        """Types what she wrote down."""
        self.goes_to("/sign-in").answers(pseudonym=self.pseudonym, passphrase=self.passphrase)
        return self.presses("Sign in")

    def hands_out(self, role: str) -> str:
        """Makes one card at her organisation's page, and gives its code away."""
        self.follows("Cards and roles").follows("Make cards").answers(role=role, size="1").presses("Make the cards")
        (code,) = self.secrets()
        return code
