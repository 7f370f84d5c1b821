"""Pages of accounts and organisations."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.core import codes
from withus.people import actions, credentials, forms, queries, sessions
from withus.people.names import read_pseudonym
from withus.policy.facts import Role
from withus.policy.rules import Action, decide
from withus.web.requests import saying_why_not

PAGE = 25


def _to(name: str, *parts: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=parts), status=303)


def _card(request: HttpRequest, draft: credentials.Draft, carried: dict[str, Any], form: Any = None) -> HttpResponse:
    """The card with pseudonym and passphrase, and what the page before was told."""
    form = form or forms.CardForm(draft)
    page = {
        "draft": draft,
        "sealed": credentials.sealed(draft),
        "carried": carried,
        "form": form,
        "address": request.build_absolute_uri(reverse("sign_in")),
    }
    return render(request, "people/card.html", page)


def _sent_card(request: HttpRequest, bound: str) -> tuple[credentials.Draft | None, Any]:
    """The card that comes back with this form, and its answers; None if it is a first time or another is wished."""
    draft = None if "again" in request.POST else credentials.opened(request.POST.get("draft", ""), bound)
    return draft, draft and forms.CardForm(draft, request.POST)


def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The first steward, or another one, with a one-time address."""
    found, instance = queries.public_set_up(codes.digest(token)), queries.public_instance()
    if found is None:
        raise Http404
    form = forms.SetUpForm(request.POST or None)
    if instance is None and (request.method != "POST" or not form.is_valid()):
        return render(request, "people/set_up.html", {"form": form})
    told = form.cleaned_data if instance is None else {}
    draft, card = _sent_card(request, found.digest)
    if draft and card.is_valid():
        with saying_why_not(card):
            sessions.begin(request, actions.set_up(request.actor, found, draft=draft, **told))
            return _to("me")
    secret = bytes(instance.check_secret) if instance else codes.key()
    return _card(request, draft or credentials.draft(found.digest, secret), told, card)


def join(request: HttpRequest) -> HttpResponse:
    """A code from a card: a new account, or one more role for somebody who is signed in."""
    form, instance = forms.JoinForm(request.POST or None), queries.public_instance()
    if instance is None or request.method != "POST" or not form.is_valid():
        return render(request, "people/join.html", {"form": form})
    if request.actor.account:
        with saying_why_not(form):
            actions.join(request.actor, None, **form.cleaned_data)
            return _to("me")
        return render(request, "people/join.html", {"form": form})
    return _newcomer(request, form, bytes(instance.check_secret))


def _newcomer(request: HttpRequest, form: forms.JoinForm, secret: bytes) -> HttpResponse:
    code = form.cleaned_data["code"]
    bound = codes.digest(codes.read_code(code))
    draft, card = _sent_card(request, bound)
    if draft and card.is_valid():
        with saying_why_not(form):
            shared = card.cleaned_data["shared"]
            info = actions.join(request.actor, None, code=code, draft=draft, shared=shared)
            assert info is not None
            sessions.begin(request, info)
            return _to("me")
    elif draft or queries.public_invite(bound):
        return _card(request, draft or credentials.draft(bound, secret), {"code": code}, card)
    else:
        form.add_error("code", gettext("This code does not work. It may be used, or too old. Ask for a new card."))
    return render(request, "people/join.html", {"form": form})


def sign_in(request: HttpRequest) -> HttpResponse:
    """Pseudonym and passphrase."""
    form = forms.SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            sessions.begin(request, actions.sign_in(request.actor, None, **form.cleaned_data))
            return _to("me")
    return render(request, "people/sign_in.html", {"form": form})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    if request.session_info:
        actions.sign_out(request.session_info.token)
    sessions.end(request)
    return _to("start")


def recover(request: HttpRequest) -> HttpResponse:
    """A recovery code in place of the passphrase; shows a new one, once."""
    form = forms.RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            info, phrase = actions.recover(request.actor, None, **form.cleaned_data)
            sessions.begin(request, info)
            name = read_pseudonym(form.cleaned_data["pseudonym"])
            return render(request, "people/new_passphrase.html", {"pseudonym": name, "passphrase": phrase})
    return render(request, "people/recover.html", {"form": form})


def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    roles = sorted((forms.ROLE_NAMES[one.role], one.organisation) for one in request.actor.standings)
    names = {one.code: one for one in queries.public_organisations().filter(code__in=[code for _, code in roles])}
    return render(request, "people/me.html", {"roles": [(role, names.get(code)) for role, code in roles]})


def known(request: HttpRequest) -> HttpResponse:
    """What this database holds about its reader."""
    return render(request, "people/known.html", {"rows": queries.known_about(request.actor)})


def renew(request: HttpRequest) -> HttpResponse:
    """A new passphrase, shown once."""
    must(request.actor, Action.RENEW, None)
    if request.method != "POST":
        return render(request, "people/renew.html")
    now = request.session_info
    info, phrase = actions.renew(request.actor, None, key=now.key, shared=now.is_shared)
    sessions.begin(request, info)
    page = {"pseudonym": request.actor.pseudonym, "passphrase": phrase}
    return render(request, "people/new_passphrase.html", page)


def prepare(request: HttpRequest) -> HttpResponse:
    """A sheet of recovery codes, shown once."""
    must(request.actor, Action.PREPARE, None)
    made = actions.prepare(request.actor, None, key=request.session_info.key) if request.method == "POST" else []
    return render(request, "people/prepare.html", {"made": [codes.grouped(one) for one in made]})


def leave(request: HttpRequest) -> HttpResponse:
    """Erases the account."""
    must(request.actor, Action.LEAVE, None)
    form = forms.LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave(request.actor, None, key=request.session_info.key, **form.cleaned_data)
        sessions.end(request)
        return render(request, "people/left.html")
    return render(request, "people/leave.html", {"form": form})


def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations."""
    page = Paginator(queries.public_organisations(), PAGE).get_page(request.GET.get("page"))
    return render(request, "people/organisations.html", {"page": page})


def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation: for whom it speaks, who pays it, who vouches for it."""
    found = get_object_or_404(queries.public_organisations(), code=code)
    page = {
        "organisation": found,
        "is_invented": found.is_invented,
        "is_ours": bool(decide(request.actor, Action.INVITE, found)),
        "missing": queries.public_missing(found),
        "mandates": queries.public_mandates(found),
        "funding": queries.public_funding(found),
        "chapters": queries.public_organisations().filter(parent=found),
        "vouchable": queries.public_vouchable(found),
    }
    return render(request, "people/organisation.html", page)


def found(request: HttpRequest) -> HttpResponse:
    """A new organisation."""
    must(request.actor, Action.FOUND, None)
    national = queries.public_organisations().filter(parent=None)
    form = forms.FoundForm(request.POST or None, organisations=national)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            return _to("organisation", actions.found(request.actor, None, **form.cleaned_data).code)
    return render(request, "people/found.html", {"form": form})


def establish(request: HttpRequest, code: str) -> HttpResponse:
    """A new version of the mandate."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.ESTABLISH, ours)
    form = forms.EstablishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.establish(request.actor, ours, **form.cleaned_data)
            return _to("organisation", code)
    return render(request, "people/establish.html", {"form": form, "organisation": ours})


def declare(request: HttpRequest, code: str) -> HttpResponse:
    """Who pays the organisation."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.DECLARE, ours)
    others = queries.public_organisations().exclude(code=code)
    form = forms.DeclareForm(request.POST or None, organisations=others)
    if request.method == "POST" and form.is_valid():
        actions.declare(request.actor, ours, **form.cleaned_data)
        return _to("organisation", code)
    return render(request, "people/declare.html", {"form": form, "organisation": ours})


def countersign(request: HttpRequest, code: str) -> HttpResponse:
    """Vouching for another peer organisation."""
    other = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.COUNTERSIGN, queries.public_vouchable(other))
    signers = queries.countersigners(request.actor).exclude(code=code)
    outside = request.actor.holds(Role.INSTANCE_STEWARD)
    form = forms.CountersignForm(request.POST or None, countersigners=signers, outside=outside)
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            actions.countersign(request.actor, other, **form.cleaned_data)
            return _to("organisation", code)
    return render(request, "people/countersign.html", {"form": form, "organisation": other})


def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Cards to hand out, shown once."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.INVITE, ours)
    form = forms.InviteForm(request.POST or None, roles=queries.roles_to_hand_out(request.actor, ours))
    if request.method == "POST" and form.is_valid():
        with saying_why_not(form):
            batch, made = actions.invite(request.actor, ours, **form.cleaned_data)
            address = request.build_absolute_uri(reverse("join"))
            cards = [(codes.grouped(one), f"{address}#{one}") for one in made]
            role = forms.ROLE_NAMES[Role(batch.role)]
            page = {"organisation": ours, "batch": batch, "cards": cards, "address": address, "role": role}
            return render(request, "people/cards.html", page)
    return render(request, "people/invite.html", {"form": form, "organisation": ours})


def invitations(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation's cards, and who answers for it."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.INVITE, ours)
    batches = [(one, forms.ROLE_NAMES[Role(one.role)]) for one in queries.batches(request.actor, ours)]
    staff = [(one, forms.ROLE_NAMES[Role(one.role)]) for one in queries.staff(request.actor, ours)]
    return render(request, "people/invitations.html", {"organisation": ours, "batches": batches, "staff": staff})


@require_POST
def recall(request: HttpRequest, code: str, batch: str) -> HttpResponse:
    """Makes the unused cards of a batch worthless."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.RECALL, ours)
    actions.recall(request.actor, get_object_or_404(queries.batches(request.actor, ours), code=batch))
    return _to("invitations", code)


@require_POST
def dismiss(request: HttpRequest, code: str) -> HttpResponse:
    """Ends somebody's role."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.DISMISS, ours)
    who = {"account__pseudonym": request.POST.get("pseudonym", ""), "role": request.POST.get("role", "")}
    actions.dismiss(request.actor, get_object_or_404(queries.staff(request.actor, ours), **who))
    return _to("invitations", code)
