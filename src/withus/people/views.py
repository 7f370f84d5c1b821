"""Pages of accounts and organisations."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from withus.acting import must
from withus.core import codes
from withus.core.errors import Refused
from withus.people import actions, credentials, forms, queries, sessions, typed
from withus.people.credentials import Draft
from withus.people.sessions import SessionInfo
from withus.policy.facts import Role
from withus.policy.rules import Action, decide
from withus.policy.who import OFFICE
from withus.web.forms import Form
from withus.web.requests import Request, onward, saying_why_not, sent

PAGE = 25
_OURS = (Action.INVITE, Action.OPEN_SERVICE, Action.HAND_OVER)  # who may do one of these sees what there is to do


def _enter(request: Request, info: SessionInfo) -> HttpResponse:
    """Into a new session; the one before ends."""
    if request.session_info:
        actions.sign_out(request.session_info.token)
    sessions.begin(request, info)
    wanted = request.GET.get("next", "")
    # Only a page of this house: whoever made the link must not choose where somebody lands who has just signed in.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return HttpResponseRedirect(wanted, status=303)
    return onward("me")


def _in_two_steps(
    request: Request, draft: Draft, use: Callable[..., SessionInfo | None], **carried: str
) -> HttpResponse:
    """Shows the card of a draft; then asks for two of its words, without it; then uses it. All by forms alone."""
    step = request.POST.get("step")
    form = forms.CardForm(draft, request.POST if step in {"done", "skip"} else None, is_skipped=step == "skip")
    if form.is_valid():
        with saying_why_not(form):
            info = use(draft=draft, shared=form.cleaned_data["shared"])
            assert info is not None  # no session comes of a deed without a draft only
            return _enter(request, info)
    page = {"draft": draft, "sealed": credentials.sealed(draft), "carried": carried, "form": form}
    page["address"] = request.build_absolute_uri(reverse("sign_in"))
    return render(request, "people/check.html" if step in {"check", "done", "skip"} else "people/card.html", page)


def _draft(request: Request, purpose: str) -> Draft | None:
    """The draft that comes back with a form; none at first, or if another one is wished."""
    return None if "again" in request.POST else credentials.opened(request.POST.get("draft", ""), purpose)


def set_up(request: Request, token: str) -> HttpResponse:
    """The first steward, or another one, with a one-time address that exists for nobody else."""
    digest, draft = codes.digest(token), _draft(request, "set_up")
    if not queries.public_set_up(digest) and not (draft and draft.bound_to == digest):
        raise Http404
    kind = forms.SetUpForm if queries.public_instance() is None else Form
    form = kind(sent(request))
    if not form.is_valid():
        return render(request, "people/set_up.html", {"form": form})
    draft = draft or queries.draft_for_newcomer(request.actor, "set_up", digest)
    told = {name: form.cleaned_data[name] for name in form.fields}
    return _in_two_steps(request, draft, partial(actions.set_up, request.actor, None, **told), **told)


def add_steward(request: Request) -> HttpResponse:
    """A one-time address for one more steward of this house, shown once."""
    house, address = queries.public_instance(), ""
    must(request.actor, Action.ADD_STEWARD, house)
    if request.method == "POST" and house:
        token = actions.add_steward(request.actor, house)
        address = request.build_absolute_uri(reverse("set_up", args=[token]))
    return render(request, "people/add_steward.html", {"address": address})


def join(request: Request) -> HttpResponse:
    """A code from a card: a new account, or one more role for somebody who is signed in."""
    form, draft = forms.JoinForm(sent(request)), _draft(request, "join")
    if form.is_valid():
        with saying_why_not(form):
            code = form.cleaned_data["code"]
            if request.actor.account and draft is None:
                actions.join(request.actor, None, code=code)
                return onward("me")
            draft = draft or queries.draft_for_code(request.actor, code)
            return _in_two_steps(request, draft, partial(actions.join, request.actor, None, code=code), code=code)
    return render(request, "people/join.html", {"form": form})


def sign_in(request: Request) -> HttpResponse:
    """Pseudonym and passphrase."""
    form = forms.SignInForm(sent(request))
    if form.is_valid():
        with saying_why_not(form):
            carried = form.cleaned_data.pop(typed.FIELD)
            info = actions.sign_in(request.actor, None, **form.cleaned_data)
            answer = _enter(request, info)
            return _with_what_was_typed(request, info, carried) if carried else answer
    return render(request, "people/sign_in.html", {"form": form})


def _with_what_was_typed(request: Request, info: SessionInfo, carried: str) -> HttpResponse:
    """One press away from the form with what was typed in it, if it is hers; what is another's goes unseen."""
    found = typed.opened(carried)
    request.actor = queries.public_actor(codes.digest(info.token)) or request.actor  # for the head of this page
    if found is None or not found.is_of(info.key):
        return render(request, "people/typed.html", {"is_others": found is not None})
    hers = replace(found, whose=typed.mark_of(info.key))
    return render(request, "people/typed.html", {"address": found.address, "typed": typed.sealed(hers)})


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """Ends the session."""
    if request.session_info:
        actions.sign_out(request.session_info.token)
    sessions.end(request)
    return onward("start")


def recover(request: Request) -> HttpResponse:
    """A recovery code in place of the passphrase; it is used up when the new one has been written down."""
    draft, form = _draft(request, "recover"), forms.RecoverForm(sent(request))
    if draft is None and form.is_valid():
        with saying_why_not(form):
            draft = queries.draft_for_recovery(request.actor, **form.cleaned_data)
    if draft:
        return _in_two_steps(request, draft, partial(actions.recover, request.actor, None))
    return render(request, "people/recover.html", {"form": form})


def me(request: Request) -> HttpResponse:
    """One's own page."""
    terms = queries.own_terms(request.actor)
    held = [(forms.ROLE_NAMES[one.role], of, terms.get(one)) for one, of in queries.own_roles(request.actor)]
    left = queries.own_account(request.actor).recovery_codes.count()
    has_desk = bool(request.actor.roles & {*OFFICE})
    peers = {of for _, of, _ in held if of and decide(request.actor, Action.ASSIST, of)}
    seen = {"roles": held, "left": left, "has_desk": has_desk, "assists": sorted(peers, key=str)}
    return render(request, "people/me.html", seen)


def known(request: Request) -> HttpResponse:
    """What this database holds about its reader."""
    return render(request, "people/known.html", {"rows": queries.known_about(request.actor)})


def renew(request: Request) -> HttpResponse:
    """A new passphrase; it replaces the old one when it has been written down."""
    must(request.actor, Action.RENEW, None)
    if request.method != "POST":
        return render(request, "people/renew.html")
    draft = _draft(request, "renew") or queries.draft_for_renewal(request.actor, request.session_info.key)
    return _in_two_steps(request, draft, partial(actions.renew, request.actor, None))


def prepare(request: Request) -> HttpResponse:
    """A sheet of recovery codes, shown once."""
    must(request.actor, Action.PREPARE, None)
    own, made = queries.own_account(request.actor), []
    if request.method == "POST":
        made = actions.prepare(request.actor, own, key=request.session_info.key)
    return render(request, "people/prepare.html", {"made": [codes.grouped(one) for one in made]})


def give_up(request: Request) -> HttpResponse:
    """Gives one of one's roles up."""
    must(request.actor, Action.GIVE_UP, None)
    form = forms.GiveUpForm(sent(request), held=queries.own_roles(request.actor))
    if form.is_valid():
        with saying_why_not(form):
            actions.give_up(request.actor, None, **form.cleaned_data)
            return onward("me")
    return render(request, "people/give_up.html", {"form": form})


def leave(request: Request) -> HttpResponse:
    """Erases the account."""
    must(request.actor, Action.LEAVE, None)
    form = forms.LeaveForm(sent(request))
    if form.is_valid():
        actions.leave(request.actor, None, key=request.session_info.key, **form.cleaned_data)
        sessions.end(request)
        return render(request, "people/left.html")
    return render(request, "people/leave.html", {"form": form})


def organisations(request: Request) -> HttpResponse:
    """All organisations."""
    page = Paginator(queries.public_organisations(), PAGE).get_page(request.GET.get("page"))
    recognised = queries.public_recognised_codes()
    return render(request, "people/organisations.html", {"page": page, "recognised": recognised})


def organisation(request: Request, code: str) -> HttpResponse:
    """An organisation: for whom it speaks, who pays it, who vouches for it."""
    found = get_object_or_404(queries.public_organisations(), code=code)
    page = {
        "organisation": found,
        "is_invented": found.is_invented,
        "is_ours": any(decide(request.actor, deed, found) for deed in _OURS),
        "mandates": queries.public_mandates(found),
        "funding": queries.public_funding(found),
        "chapters": queries.public_organisations().filter(parent=found),
        "vouchable": queries.public_vouchable(found),
        "host_cards": queries.public_host_cards(found),
        "may_miss": bool(decide(request.actor, Action.MISS, found)) and not found.missed_on and found.has_keeper(),
        "may_hand_over": bool(decide(request.actor, Action.HAND_OVER, found)),
        "may_assist": bool(decide(request.actor, Action.ASSIST, found)),
        "may_show_up": bool(decide(request.actor, Action.SHOW_UP, found)),
    }
    return render(request, "people/organisation.html", page)


def found(request: Request) -> HttpResponse:
    """A new organisation."""
    must(request.actor, Action.FOUND, None)
    national = queries.public_organisations().filter(parent=None)
    form = forms.FoundForm(sent(request), organisations=national)
    if form.is_valid():
        with saying_why_not(form):
            return onward("organisation", actions.found(request.actor, None, **form.cleaned_data).code)
    return render(request, "people/found.html", {"form": form})


def establish(request: Request, code: str) -> HttpResponse:
    """A new version of the mandate."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.ESTABLISH, ours)
    form = forms.EstablishForm(sent(request))
    if form.is_valid():
        with saying_why_not(form):
            actions.establish(request.actor, ours, **form.cleaned_data)
            return onward("organisation", code)
    return render(request, "people/establish.html", {"form": form, "organisation": ours})


def declare(request: Request, code: str) -> HttpResponse:
    """Who pays the organisation."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.DECLARE, ours)
    others = queries.public_organisations().exclude(code=code)
    form = forms.DeclareForm(sent(request), organisations=others)
    if form.is_valid():
        with saying_why_not(form):
            actions.declare(request.actor, ours, **form.cleaned_data)
            return onward("organisation", code)
    return render(request, "people/declare.html", {"form": form, "organisation": ours})


def countersign(request: Request, code: str) -> HttpResponse:
    """Vouching for another peer organisation, with its newest mandate before one's eyes."""
    other = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.COUNTERSIGN, queries.public_vouchable(other))
    mandate = get_object_or_404(queries.public_mandates(other)[:1])
    form = forms.CountersignForm(
        sent(request),
        initial={"version": mandate.version},
        countersigners=queries.countersigners(request.actor, other),
        outside=queries.may_vouch_as(request.actor, None, other),
    )
    if form.is_valid():
        with saying_why_not(form):
            actions.countersign(request.actor, other, **form.cleaned_data)
            return onward("organisation", code)
    return render(request, "people/countersign.html", {"form": form, "organisation": other, "mandate": mandate})


def invite(request: Request, code: str) -> HttpResponse:
    """Cards to hand out, shown once."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.INVITE, ours)
    form = forms.InviteForm(sent(request), roles=queries.roles_to_hand_out(request.actor, ours))
    if form.is_valid():
        with saying_why_not(form):
            batch, made = actions.invite(request.actor, ours, **form.cleaned_data)
            address = request.build_absolute_uri(reverse("join"))
            cards = [(codes.grouped(one), f"{address}#{one}") for one in made]
            role = forms.ROLE_NAMES[Role(batch.role)]
            page = {"organisation": ours, "batch": batch, "cards": cards, "address": address, "role": role}
            return render(request, "people/cards.html", page)
    return render(request, "people/invite.html", {"form": form, "organisation": ours})


def invitations(request: Request, code: str) -> HttpResponse:
    """An organisation's cards, and who answers for it."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.INVITE, ours)
    batches = [(one, forms.ROLE_NAMES[Role(one.role)]) for one in queries.batches(request.actor, ours)]
    staff = [(one, forms.ROLE_NAMES[Role(one.role)]) for one in queries.staff(request.actor, ours)]
    return render(request, "people/invitations.html", {"organisation": ours, "batches": batches, "staff": staff})


@require_POST
def miss(request: Request, code: str) -> HttpResponse:
    """Says in public that nobody who gives the roles can act."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    with suppress(Refused):  # sent twice, say: the page shows what holds
        actions.miss(request.actor, ours)
    return onward("organisation", code)


@require_POST
def show_up(request: Request, code: str) -> HttpResponse:
    """Answers that somebody is there."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    with suppress(Refused):
        actions.show_up(request.actor, ours)
    return onward("organisation", code)


@require_POST
def recall(request: Request, code: str, batch: str) -> HttpResponse:
    """Makes the unused cards of a batch worthless."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    actions.recall(request.actor, get_object_or_404(queries.batches(request.actor, ours), code=batch))
    return onward("invitations" if decide(request.actor, Action.INVITE, ours) else "organisation", code)


@require_POST
def dismiss(request: Request, code: str) -> HttpResponse:
    """Ends somebody's role."""
    ours = get_object_or_404(queries.public_organisations(), code=code)
    must(request.actor, Action.DISMISS, ours)
    who, role = request.POST.get("pseudonym", ""), request.POST.get("role", "")
    with suppress(Refused):  # sent twice, say: the list shows that the role has ended
        actions.dismiss(request.actor, ours, pseudonym=who.replace("\0", ""), role=role.replace("\0", ""))
    return onward("invitations", code)
