"""What people and organisations are asked; field names are the actions' keywords."""

import datetime
from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from withus.core import clock, codes
from withus.people import credentials
from withus.people.models import OFFICES, SHARES, OrganisationKind
from withus.people.typed import FIELD, LONGEST
from withus.policy.facts import Role, Standing
from withus.web.forms import Form
from withus.web.languages import named as writing_languages

SECRET = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
Long = forms.Textarea(attrs={"rows": 4})
SHARED = _("Do other people use this device too?")
SHARED_HELP = _("Then we sign you out after ten minutes without a click.")
ROLE_NAMES = {
    Role.PEER: _("peer"),
    Role.PEER_WORKER: _("peer worker"),
    Role.PEER_EDITOR: _("peer editor"),
    Role.ORG_STEWARD: _("steward of the organisation"),
    Role.BODY_SECRETARY: _("secretary of the body"),
    Role.DUTY_BEARER: _("somebody who answers for the body"),
    Role.REFERRAL_DESK: _("referral desk"),
    Role.READER: _("reader of totals"),
    Role.INSTANCE_STEWARD: _("steward of this house"),
}


def term_field() -> forms.DateField:
    """Until when a role is held that answers for an organisation."""
    return forms.DateField(
        label=_("Until which day do they hold this role?"),
        help_text=_(
            "Only for roles that answer for the organisation, if they have a term. Empty means: until somebody ends it."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


def secret_field(label: Any, help_text: Any = "", **attributes: str) -> forms.CharField:
    """A field for a code or passphrase: no corrections by the phone, always from left to right."""
    widget = forms.TextInput(attrs=SECRET | attributes)
    return forms.CharField(label=label, help_text=help_text, max_length=200, widget=widget)


class _Written(Form):
    """A form whose answers are written in a language that the person names."""

    language = forms.ChoiceField(label=_("In which language do you write this?"), choices=writing_languages)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("language", (get_language() or "en").split("-")[0])
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "language"])


class SetUpForm(Form):
    """Whose house this becomes."""

    host_name = forms.CharField(
        label=_("Whose host is this?"),
        help_text=_("The name of the organisation that runs it. It stands at the top of every page."),
        max_length=120,
    )
    community_name = forms.CharField(
        label=_("What does the community call itself here?"),
        help_text=_("You can leave this empty. Choose a name that gives nobody away."),
        max_length=120,
        required=False,
    )
    language = forms.ChoiceField(label=_("In which language do you write this?"), choices=writing_languages)


class JoinForm(Form):
    """An invite code."""

    code = secret_field(
        _("Which code is on your card?"), _("Small or large letters, it does not matter."), **{"data-from-hash": ""}
    )


class CardForm(Form):
    """Somebody has written her card down: two words typed back, or not asked for, on purpose."""

    second = secret_field(_("What is the second word of your passphrase?"))
    fifth = secret_field(_("What is the fifth word of your passphrase?"))
    shared = forms.BooleanField(label=SHARED, help_text=SHARED_HELP, required=False)

    def __init__(self, draft: credentials.Draft, *args: Any, is_skipped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {} if is_skipped else credentials.words_asked(draft.passphrase)
        for name in credentials.WORDS_ASKED:
            self.fields[name].required = not is_skipped

    def clean(self) -> dict[str, Any]:
        """Both words fit."""
        cleaned = super().clean() or {}
        for name, word in self.asked.items():
            if name in cleaned and codes.read_words(cleaned[name]) != word:
                self.add_error(name, gettext("This is not the word. Look at what you wrote down."))
        return cleaned


class SignInForm(Form):
    """Pseudonym and passphrase; and what was typed when the session had ended, for the form that it was typed into."""

    not_keywords = (FIELD,)
    typed = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST, required=False)
    pseudonym = secret_field(_("What is your pseudonym?"))
    passphrase = secret_field(
        _("What is your passphrase?"), _("Seven words. The first four letters of each are enough.")
    )
    shared = forms.BooleanField(label=SHARED, help_text=SHARED_HELP, required=False)


class RecoverForm(Form):
    """A recovery code in place of a passphrase; what comes of it is the draft that the action takes."""

    not_keywords = ("pseudonym", "code")
    pseudonym = secret_field(_("What is your pseudonym?"))
    code = secret_field(_("Which recovery code do you use?"), _("Sixteen letters and digits from your sheet."))


class GiveUpForm(Form):
    """Which of one's roles ends."""

    standing = forms.TypedChoiceField(label=_("Which role do you give up?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, held: Iterable[tuple[Standing, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standing"]
        assert isinstance(field, forms.TypedChoiceField)
        known = {f"{one.role} {one.organisation}".strip(): (one, of) for one, of in held}
        field.choices = [(key, _role_of(one, of)) for key, (one, of) in known.items()]
        field.coerce = lambda key: known[key][0]


def _role_of(standing: Standing, organisation: Any) -> str:
    role = str(ROLE_NAMES[standing.role]).capitalize()
    return f"{role}: {organisation}" if organisation else role


class LeaveForm(Form):
    """What happens to what somebody said."""

    stays = forms.TypedChoiceField(
        label=_("What should happen to what you said?"),
        choices=[
            ("yes", _("My votes and statements stay. Nobody can ever tie them to me, not even I.")),
            ("no", _("My votes and statements go too.")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


def _offer(field: forms.Field, things: Iterable[Any], none: str) -> None:
    assert isinstance(field, forms.TypedChoiceField)
    known = {thing.code: thing for thing in things}
    field.choices = [("", none), *((code, str(thing)) for code, thing in known.items())]
    field.coerce = lambda code: known[code]


class FoundForm(_Written):
    """A new organisation."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=OrganisationKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("What is it called?"), max_length=120)
    about = forms.CharField(label=_("What does it do?"), max_length=2000, required=False, widget=Long)
    parent = forms.TypedChoiceField(
        label=_("Is it the local chapter of a national organisation?"), required=False, empty_value=None
    )

    def __init__(self, *args: Any, organisations: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["parent"], organisations, gettext("No"))


class EstablishForm(_Written):
    """A mandate: how representatives came to speak, and how they report back."""

    speaks_for = forms.CharField(label=_("For whom do you speak?"), widget=Long)
    chosen_how = forms.CharField(label=_("How are your representatives chosen?"), widget=Long)
    members_asked = forms.CharField(label=_("How do you ask your members before you speak?"), widget=Long)
    reports_back = forms.CharField(label=_("How do you report back to them?"), widget=Long)


class DeclareForm(Form):
    """Who pays the organisation."""

    payer = forms.TypedChoiceField(label=_("Who pays you?"), required=False, empty_value=None)
    payer_name = forms.CharField(
        label=_("Is it somebody else? What are they called?"),
        help_text=_("If nobody pays you, leave both empty and choose “nothing”."),
        max_length=120,
        required=False,
    )
    share = forms.ChoiceField(label=_("How much of your money comes from there?"), choices=SHARES.items)

    def __init__(self, *args: Any, organisations: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["payer"], organisations, gettext("Nobody on this list"))


class CountersignForm(Form):
    """Another peer organisation vouches for the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    by = forms.TypedChoiceField(label=_("In whose name do you vouch?"), required=False, empty_value=None)
    outside_name = forms.CharField(label=_("Which outside peer organisation vouches?"), max_length=120, required=False)
    outside_proof = forms.CharField(label=_("Where can anybody read that they do?"), max_length=300, required=False)

    def __init__(self, *args: Any, countersigners: Iterable[Any] = (), outside: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["by"], countersigners, gettext("An outside organisation") if outside else gettext("Choose"))
        for name in () if outside else ("outside_name", "outside_proof"):
            del self.fields[name]


class InviteForm(Form):
    """Cards to hand out."""

    role = forms.ChoiceField(label=_("What will people be who use these cards?"), widget=forms.RadioSelect)
    size = forms.IntegerField(label=_("How many cards?"), min_value=1, max_value=200)
    ends_on = forms.DateField(
        label=_("Until which day can they be used?"), widget=forms.DateInput(attrs={"type": "date"})
    )
    term_until = term_field()
    seed = forms.RegexField("^[0-9A-Z]{26}$", widget=forms.HiddenInput, initial=partial(codes.code, 26))

    def __init__(self, *args: Any, roles: Iterable[Role] = (), **kwargs: Any) -> None:
        offered = list(roles)
        is_first = Role.PEER not in offered  # cards for those who answer: few, and not lying about for long
        days, size = (7, 1) if is_first else (60, 8)
        given = kwargs.setdefault("initial", {})
        given.setdefault("ends_on", clock.today() + datetime.timedelta(days=days))
        given.setdefault("size", size)
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, ROLE_NAMES[role]) for role in offered]
        if not set(offered) & set(OFFICES):
            del self.fields["term_until"]
