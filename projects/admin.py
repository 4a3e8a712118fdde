"""What operators see of projects: which there are, who takes part and where they stand, never what they are about."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.history.admin import ReadOnlyAdmin
from projects.models import Participation, Project


class ParticipationInline(admin.TabularInline):
    """Who takes part; conditions and notes stay between the agencies."""

    model = Participation
    fields = (
        "agency",
        "agency_name",
        "role",
        "status",
        "terms_number",
        "invited_at",
        "answered_at",
        "joined_on",
        "left_on",
    )
    readonly_fields = fields
    extra = 0
    max_num = 0
    can_delete = False


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    """Metadata. SECURITY: title, summary, objective and the words of people are left out on purpose."""

    list_display = ["ref", "lead", "status", "mode", "audience", "partner_count", "created_at", "active_on"]
    list_filter = ["status", "mode", "audience"]
    search_fields = ["ref", "lead__acronym", "lead__legal_name"]
    date_hierarchy = "created_at"
    list_select_related = ["lead"]
    inlines = [ParticipationInline]
    fields = (
        "ref",
        "lead",
        "status",
        "mode",
        "audience",
        "terms_number",
        "planned_start",
        "planned_end",
        "proposed_at",
        "accepted_at",
        "active_on",
        "active_under",
        "suspended_at",
        "ended_at",
        "created_at",
        "updated_at",
        "version",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return super().get_queryset(request).prefetch_related("participations")

    @admin.display(description=_("agencies"))
    def partner_count(self, project: Project) -> int:
        return sum(1 for row in project.participations.all() if row.is_still_in)
