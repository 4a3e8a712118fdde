"""The pages of the inbox: home, the bell, marking as read, and when to send mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.inbox import actions, labels
from portal.inbox.due import grouped
from portal.inbox.forms import PreferenceForm, ReadForm
from portal.inbox.models import Item, ItemQuerySet, Preference, Reach, may_see_all
from portal.kit.actors import Actor
from portal.kit.composition import panels
from portal.kit.forms import attempt

SHOWN = 50
SHOWN_AT_MOST = 500
NEWS = 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and what is to know."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reach = chosen_reach(request, actor)
    shown = SHOWN_AT_MOST if request.GET.get("all") == "1" else SHOWN
    waiting = Item.objects.for_actor(actor, reach).waiting().with_read(actor)
    items = list(waiting[: shown + 1])
    count = len(items) if len(items) <= shown else waiting.count()
    news = list(Item.objects.for_actor(actor, reach).to_know().with_read(actor)[:NEWS])
    now = timezone.now()
    shown_panels = panels("HOME_PANELS", request) if actor.membership is not None else []
    context: dict[str, Any] = {
        "title": title(count, reach, actor),
        "now": now,
        "here": here(now, actor.zone),
        "reach": reach,
        "reaches": reaches(actor),
        "groups": grouped(items[:shown], now, actor.zone),
        "series": _series(items, waiting if count > shown else None) if reach == Reach.ME else [],
        "more": count if count > shown else 0,
        "more_url": f"?{urlencode({'for': reach, 'all': '1'})}",
        "can_show_more": shown < SHOWN_AT_MOST,
        "news": news,
        "newest": news[0].created_at if any(not item.is_read for item in news) else None,
        "main_panels": [panel for panel in shown_panels if panel.place == "main"],
        "aside_panels": [panel for panel in shown_panels if panel.place == "aside"],
        "waiting_count": count if reach == Reach.ME else None,
    }
    return render(request, "inbox/home.html", context)


@require_safe
@never_cache
def count(request: HttpRequest) -> HttpResponse:
    """The bell, for a page that has heard that something changed."""
    waiting = Item.objects.for_actor(request.actor, Reach.ME).waiting()  # type: ignore[attr-defined]
    return render(request, "portal/_bell.html", {"count": waiting.count()})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one item, or all the news that was on the page, as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = ReadForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Say which items you have read."), content_type="text/plain; charset=utf-8")
    reach = form.cleaned_data["reach"] or Reach.ME
    if form.cleaned_data["item"]:
        item = get_object_or_404(Item.objects.visible_to(actor), uid=form.cleaned_data["item"])
        actions.mark_read(Item.objects.visible_to(actor).filter(pk=item.pk), actor=actor)
    else:
        news = Item.objects.for_actor(actor, reach).to_know()
        actions.mark_read(news.filter(created_at__lte=form.cleaned_data["until"]), actor=actor)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return redirect(f"/?{urlencode({'for': reach})}" if reach != Reach.ME else "/")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """When to send the reader mail."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        form = PreferenceForm(request.POST)
        if (
            form.is_valid()
            and attempt(form, actions.choose_mail, actor=actor, mail=form.cleaned_data["mail"]) is not None
        ):
            messages.success(request, _("Saved."))
            return redirect("inbox:preferences")
        return render(request, "inbox/preferences.html", {"form": form}, status=422)
    chosen = Preference.objects.filter(person=actor.person).values_list("mail", flat=True).first()
    form = PreferenceForm(initial={"mail": chosen or Preference.Mail.AT_ONCE})
    return render(request, "inbox/preferences.html", {"form": form})


def here(now: datetime, zone: ZoneInfo) -> str:
    """The reader's day and time, and where that is."""
    local = now.astimezone(zone)
    _area, slash, city = zone.key.rpartition("/")
    words = {"day": date_format(local, "l j F Y"), "time": f"{local:%H:%M}", "city": city.replace("_", " ")}
    return (_("%(day)s, %(time)s in %(city)s") if slash else _("%(day)s, %(time)s %(city)s")) % words


def chosen_reach(request: HttpRequest, actor: Actor) -> str:
    """Whose items the reader asked for; what they may not see is not offered and falls back to their own."""
    asked = request.GET.get("for", Reach.ME)
    return asked if asked in {value for value, _label in reaches(actor)} else str(Reach.ME)


def reaches(actor: Actor) -> list[tuple[str, str]]:
    """The choices of the reader; nothing to choose without an agency."""
    if actor.membership is None:
        return [(Reach.ME.value, str(Reach.ME.label))]
    mine = [(Reach.ME.value, str(Reach.ME.label)), (Reach.ROLE.value, str(Reach.ROLE.label))]
    return (
        [*mine, (Reach.ALL.value, _("All of %(agency)s") % {"agency": actor.agency.acronym})]
        if may_see_all(actor)
        else mine
    )


def _series(items: list[Item], waiting: ItemQuerySet | None) -> list[tuple[labels.Series, str]]:
    """What can be done one after another; only where not all that waits was read is the database asked how many there are."""
    found = []
    for row in labels.series():
        read = sum(item.verb == row.verb and item.key.startswith(row.keys) for item in items)
        count = read if waiting is None else waiting.filter(verb=row.verb, key__startswith=row.keys).count()
        if count > 1:
            found.append((row, row.words % {"count": count}))
    return found


def title(count: int, reach: str, actor: Actor) -> str:
    """What the page says first."""
    if reach == Reach.ROLE:
        if not count:
            return _("Nothing waits for your roles")
        return ngettext("%(count)d thing waits for your roles", "%(count)d things wait for your roles", count) % {
            "count": count
        }
    if reach == Reach.ALL:
        words = {"count": count, "agency": actor.agency.acronym}
        if not count:
            return _("Nothing waits for %(agency)s") % words
        return ngettext("%(count)d thing waits for %(agency)s", "%(count)d things wait for %(agency)s", count) % words
    if not count:
        return _("Nothing waits for you")
    return ngettext("%(count)d thing waits for you", "%(count)d things wait for you", count) % {"count": count}
