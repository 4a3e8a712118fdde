"""The vetting queue: operators decide on agencies through the same actions as everybody else, under their own name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_countries.filters import CountryFilter

from agencies import actions
from agencies.actions.agencies import CHECKED
from agencies.actions.locking import REASON_LENGTH
from agencies.models import Agency, Status
from agencies.policies import AgencyPolicy
from portal.files.storage import FileDamaged, respond
from portal.kit.actors import Actor
from portal.kit.refusals import Refusal

# What an operator may decide: the words of its button, whether it needs a reason, and what is said afterwards.
DECISIONS: dict[str, tuple[str | Promise, bool, str | Promise]] = {
    "verify": (_("Verify"), False, _("%(agency)s is verified.")),
    "refuse": (_("Refuse"), True, _("The application of %(agency)s was sent back.")),
    "reconsider": (_("Put back into the queue"), False, _("%(agency)s is in the queue again.")),
    "suspend": (_("Suspend"), True, _("%(agency)s is suspended; its people can do nothing in its name.")),
    "reinstate": (_("Reinstate"), False, _("%(agency)s may act again.")),
}
CORRECTED = sorted(CHECKED - {"founding_act"})


class ReasonForm(forms.Form):
    """Why; the agency reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        help_text=_("The agency reads it. Say what is missing, and how to put it right."),
    )


class CorrectionForm(forms.ModelForm):
    """What an operator has checked, against the version that the operator saw."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Agency
        fields = CORRECTED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.version

    def validate_unique(self) -> None:
        """Ask the constraints too that rest on what is not typed here, such as one domain for each agency that stands."""
        super().validate_unique()
        try:
            if not self.errors:
                self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    """Applications first. A status changes by a decision only, what was checked by a correction only."""

    form = CorrectionForm
    change_form_template = "admin/agencies/agency/change_form.html"
    actions = None
    list_display = ["acronym", "legal_name", "status", "kind", "country_code", "domain", "created_at", "verified_at"]
    list_filter = ["status", "kind", "is_international", ("country", CountryFilter)]
    search_fields = ["=ref", "acronym", "legal_name", "native_name", "search_name", "domain"]
    search_help_text = _("Name, acronym, domain or reference.")
    date_hierarchy = "created_at"
    ordering = [Case(When(status=Status.APPLIED, then=Value(0)), default=Value(1)), "created_at"]
    list_per_page = 50
    show_full_result_count = False
    autocomplete_fields = ["sponsor"]
    readonly_fields = (
        "ref", "status", "status_reason", "founding_act_link", "native_name", "native_language", "city", "zone",
        "working_days", "languages", "website", "capabilities", "about", "default_marking", "predecessor", "verified_at",
        "verified_by", "created_at", "updated_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("ref", "status", "status_reason", "verified_at", "verified_by", "founding_act_link")}),
        (_("What operators check"), {"fields": ("seen_version", *CORRECTED)}),
        (
            _("What the agency says of itself"),
            {
                "fields": (
                    "native_name", "native_language", "city", "zone", "working_days", "languages", "website", "capabilities",
                    "about", "default_marking", "predecessor", "created_at", "updated_at",
                ),
            },
        ),
    )  # fmt: skip

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Agency | None = None) -> bool:
        return bool(request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Agency | None = None) -> bool:
        return bool(request.user.is_staff) and (
            obj is None or AgencyPolicy(operator(request), obj).refusal("correct") is None
        )

    def has_delete_permission(self, request: HttpRequest, obj: Agency | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Agency | None = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.fieldsets
        head, (title, _fields), tail = self.fieldsets
        return (head, (title, {"fields": CORRECTED}), tail)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agency]:
        return super().get_queryset(request).select_related("founding_act", "sponsor", "predecessor", "verified_by")

    @admin.display(description=_("country"), ordering="country")
    def country_code(self, agency: Agency) -> str:
        return agency.code

    @admin.display(description=_("founding act or statute"))
    def founding_act_link(self, agency: Agency) -> str:
        if agency.founding_act is None:
            return "—"
        url = reverse("admin:agencies_agency_founding_act", args=[agency.pk])
        return format_html('<a href="{}">{}</a>', url, agency.founding_act.name)

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide)
        founding_act = self.admin_site.admin_view(self.founding_act)
        return [
            path("<int:pk>/decide/<slug:verb>/", decide, name="agencies_agency_decide"),
            path("<int:pk>/founding-act/", founding_act, name="agencies_agency_founding_act"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        agency = self.get_object(request, object_id)
        decisions = []
        if agency is not None:
            policy = AgencyPolicy(operator(request), agency)
            decisions = [
                {"label": label, "url": reverse("admin:agencies_agency_decide", args=[agency.pk, verb])}
                for verb, (label, _needs_reason, _done) in DECISIONS.items()
                if policy.refusal(verb) is None
            ]
        try:
            return super().change_view(request, object_id, form_url, {**(extra_context or {}), "decisions": decisions})
        except (Refusal, ValidationError) as error:
            self.message_user(request, _words(error), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in CORRECTED}
        version = form.cleaned_data["seen_version"]
        saved = actions.correct(obj, actor=operator(request), version=version, **changes)
        obj.version = saved.version

    def decide(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One decision on one agency: a page that asks for the reason or the confirmation, then the action."""
        agency = get_object_or_404(self.get_queryset(request), pk=pk)
        if verb not in DECISIONS:
            raise Http404
        if not self.has_view_permission(request, agency):
            raise PermissionDenied
        label, needs_reason, done = DECISIONS[verb]
        back = HttpResponseRedirect(reverse("admin:agencies_agency_change", args=[agency.pk]))
        refusal = AgencyPolicy(operator(request), agency).refusal(verb)
        if refusal is not None:
            self.message_user(request, str(refusal.reason), messages.ERROR)
            return back
        form = (ReasonForm if needs_reason else forms.Form)(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                getattr(actions, verb)(agency, actor=operator(request), **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, _words(error))
            except Refusal as error:
                self.message_user(request, str(error.reason), messages.ERROR)
                return back
            else:
                self.log_change(request, agency, str(label))
                self.message_user(request, _now(str(done)) % {"agency": agency.acronym}, messages.SUCCESS)
                return back
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "agency": agency,
            "title": f"{label}: {agency}",
            "label": label,
            "form": form,
        }
        return TemplateResponse(
            request, "admin/agencies/agency/decide.html", context, status=422 if form.errors else 200
        )

    def founding_act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The document that an application rests on, as a download for operators."""
        agency = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, agency):
            raise PermissionDenied
        if agency.founding_act is None:
            raise Http404
        try:
            return respond(agency.founding_act)
        except FileDamaged:
            self.message_user(request, _("The stored file is damaged or missing."), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:agencies_agency_change", args=[agency.pk]))


def operator(request: HttpRequest) -> Actor:
    """The signed-in operator under their own name, for no agency."""
    return Actor(person=request.user)


def _words(error: Refusal | ValidationError) -> str:
    return str(error.reason) if isinstance(error, Refusal) else " ".join(error.messages)
