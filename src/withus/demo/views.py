"""The demo's buttons: signed in as one of its roles with one press."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from withus.demo import seed
from withus.people import actions, sessions
from withus.web.requests import Request


@require_POST
def demo_sign_in(request: Request) -> HttpResponse:
    """Signs in as the role's account; outside the demo there is no such address."""
    wanted = [one for one in seed.accounts() if one["role"] == request.POST.get("role")] if seed.is_demo() else []
    if not wanted:
        raise Http404
    if request.session_info:
        actions.sign_out(request.session_info.token)
    name, phrase = wanted[0]["pseudonym"], wanted[0]["passphrase"]
    sessions.begin(request, actions.sign_in(request.actor, None, pseudonym=name, passphrase=phrase))
    return HttpResponseRedirect(reverse("start"), status=303)
