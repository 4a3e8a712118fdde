"""Files of assets: adding them, reading their marking, and being given them one by one or in a bundle."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.files.markings import highest
from portal.kit.actors import Request
from portal.kit.forms import attempt, show
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.downloads import give, give_bundle, holds_pass, issue_pass
from projects.ip.forms.markings import AcknowledgeForm, FileForm
from projects.ip.markings import withheld
from projects.ip.models import Asset, AssetFile
from projects.ip.pages import ip_page
from projects.ip.policies.asset_files import AssetFilePolicy, FilesPolicy
from projects.models import Project

MAX_FILES = 50


@require_safe
def files(request: Request, ref: str) -> HttpResponse:
    """The newest files of every asset of a project, with what is withheld from the reader and why."""
    project, context = ip_page(request, ref, "files")
    rows = AssetFile.objects.visible_to(request.actor).filter(asset__project=project).newest().with_asset()
    shown = page(rows, request, order=("-pk",))
    refusals = withheld({row.asset_id: row.asset for row in shown}.values(), request.actor)
    context |= {"page": shown, "rows": [(row, refusals.get(row.asset.ref)) for row in shown]}
    return render(request, "ip/files.html", context)


@require_http_methods(["GET", "POST"])
def attach(request: Request, ref: str) -> HttpResponse:
    """Add a file to an asset."""
    asset = get_object_or_404(Asset.objects.visible_to(request.actor).with_project(), ref=ref)
    FilesPolicy(request.actor, asset).require("attach")
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and attempt(form, _attach, request, form, asset):
        messages.success(request, _("The file is added to %(ref)s.") % {"ref": asset.ref})
        return redirect(asset)
    return _file_form(request, form, asset)


@require_http_methods(["GET", "POST"])
def replace(request: Request, uid: UUID) -> HttpResponse:
    """Add the version that follows a file."""
    file = _find(request, uid)
    AssetFilePolicy(request.actor, file).require("replace")
    form = FileForm(request.POST or None, request.FILES or None, initial={"note": file.note})
    if request.method == "POST" and form.is_valid() and attempt(form, _replace, request, form, file):
        messages.success(request, _("The new version is added to %(ref)s.") % {"ref": file.asset.ref})
        return redirect(file.asset)
    return _file_form(request, form, file.asset, file)


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request, uid: UUID) -> HttpResponse:
    """The file itself where nothing is marked; else its marking first, and the file to whoever acknowledges it."""
    found = _find(request, uid)
    AssetFilePolicy(request.actor, found).require("download")
    mark = found.asset.mark
    if request.method != "POST" and (
        not mark.needs_acknowledgement or holds_pass(request.GET.get("pass", ""), [found], actor=request.actor)
    ):
        return give(found, actor=request.actor)
    form = AcknowledgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = attempt(form, actions.acknowledge_marking, [found], actor=request.actor, acknowledged=True)
        if given:
            return redirect(_with_pass(found.get_absolute_url(), [found], request))
    context = {"files": [found], "project": found.asset.project, "mark": mark, "form": form}
    return render(request, "ip/acknowledge.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: Request, ref: str) -> HttpResponse:
    """Several files of a project as a ZIP under the highest of their markings."""
    project, context = ip_page(request, ref, "files")
    asked = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(request, project, asked.getlist("file"))
    if not chosen:
        messages.error(request, _("Choose the files first."))
        return redirect("ip:files", project.ref)
    for one in chosen:
        AssetFilePolicy(request.actor, one).require("download")
    mark = highest(one.asset.mark for one in chosen)
    if request.method != "POST" and (
        not mark.needs_acknowledgement or holds_pass(request.GET.get("pass", ""), chosen, actor=request.actor)
    ):
        return give_bundle(chosen, actor=request.actor, name=project.ref)
    form = AcknowledgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.acknowledge_marking(chosen, actor=request.actor, acknowledged=True)
            return redirect(_with_pass(reverse("ip:bundle", args=[project.ref]), chosen, request, named=True))
        except ValidationError as error:
            show(form, error)
    context |= {"files": chosen, "mark": mark, "form": form, "is_bundle": True}
    return render(request, "ip/acknowledge.html", context, status=422 if form.errors else 200)


def _find(request: Request, uid: UUID) -> AssetFile:
    rows = AssetFile.objects.visible_to(request.actor).select_related("file", "asset__party", "asset__project__lead")
    return get_object_or_404(rows.prefetch_related("asset__project__participations__agency"), uid=uid)


def _chosen(request: Request, project: Project, named: list[str]) -> list[AssetFile]:
    """The files of these uids that the reader may know of; 404 when there is one that they may not, or that is none."""
    uids = {one for one in named if re.fullmatch(r"[0-9a-f-]{36}", one)}
    if len(uids) > MAX_FILES or len(uids) != len(set(named)):
        raise Http404
    rows = AssetFile.objects.visible_to(request.actor).filter(asset__project=project, uid__in=uids)
    found = list(rows.with_asset().order_by("asset__ref", "pk"))
    if len(found) != len(uids):
        raise Http404
    return found


def _with_pass(url: str, chosen: list[AssetFile], request: Request, *, named: bool = False) -> str:
    query: list[tuple[str, str]] = [("file", str(one.uid)) for one in chosen] if named else []
    return f"{url}?{urlencode([*query, ('pass', issue_pass(chosen, actor=request.actor))])}"


def _attach(request: Request, form: FileForm, asset: Asset) -> AssetFile:
    return actions.attach_to_asset(asset, **_typed(request, form))


def _replace(request: Request, form: FileForm, file: AssetFile) -> AssetFile:
    return actions.replace_asset_file(file, **_typed(request, form))


def _typed(request: Request, form: FileForm) -> dict[str, Any]:
    uploaded = form.cleaned_data["file"]
    return {
        "actor": request.actor,
        "content": uploaded,
        "name": uploaded.name,
        "note": form.cleaned_data["note"],
        "export_class": form.export_class,
    }


def _file_form(request: Request, form: FileForm, asset: Asset, follows: AssetFile | None = None) -> HttpResponse:
    context = {"asset": asset, "project": asset.project, "form": form, "follows": follows}
    return render(request, "ip/file_form.html", context, status=422 if form.errors else 200)
