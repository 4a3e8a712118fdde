"""The root of the site, and its health: is the process alive, and can it serve."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.inbox import views as inbox
from portal.problems import problems as every_problem

API = "/api/"
RETRY_AFTER = 10


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who is signed in; for anybody else, what this place is."""
    if request.user.is_authenticated:
        return inbox.home(request)
    return render(request, "portal/front.html")


@login_not_required
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """What each code of a problem means; the addresses in the answers of the API lead here."""
    return render(request, "portal/problems.html", {"problems": every_problem()})


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer whenever the process runs."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that could not be read, in the form that its door speaks."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    from portal.api import problem

    if isinstance(exception, RequestDataTooBig):
        return problem(413, "The request is too large", "request-too-large")
    return problem(400, "The request cannot be read", "bad-request")


def server_error(request: HttpRequest) -> HttpResponse:
    """An error of ours, in the form that the door speaks; 503 while the database is away, which passes by itself."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    response: HttpResponse
    if request.path.startswith(API):
        from portal.api import problem

        if is_away:
            response = problem(503, "The database does not answer", "unavailable")
        else:
            response = problem(500, "Something went wrong here", "server-error")
    else:
        response = defaults.server_error(request)
        if is_away:
            response.status_code = 503
    if is_away:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
