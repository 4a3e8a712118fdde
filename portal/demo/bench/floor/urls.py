"""One page: session, user, team, count and list are its five queries."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from portal.demo.bench.floor.models import Entry, Team

SIZE = 25


@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries of the reader's team."""
    team = get_object_or_404(Team, members=request.user)
    mine = Entry._default_manager.filter(team=team)
    context = {"team": team, "count": mine.count(), "entries": mine.select_related("team")[:SIZE]}
    return render(request, "floor/entries.html", context)


@login_required
def entry(request: HttpRequest, ref: str) -> HttpResponse:
    """Only so that the list has somewhere to link to."""
    return HttpResponse(get_object_or_404(Entry, ref=ref).title)


urlpatterns = [
    path("", entries, name="entries"),
    path("entries/<slug:ref>", entry, name="entry"),
]
