"""The one view of the kit: choosing a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from withus.web.language import COOKIE


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language for this visit, and goes back to the page."""
    here = request.POST.get("here", "")
    back = here if url_has_allowed_host_and_scheme(here, allowed_hosts=None) else "/"
    response = HttpResponseRedirect(back, status=303)
    if request.POST.get("language") in dict(settings.LANGUAGES):
        response.set_cookie(COOKIE, request.POST["language"], secure=request.is_secure(), httponly=True, samesite="Lax")
    return response
