"""Where joint work lives in the site."""

from django.urls import path

from portal.kit.composition import load
from projects.views import answering, drafting, inside, listing, partners
from projects.views.steps import STEPS, step

app_name = "projects"
urlpatterns = [
    path("", listing.project_list, name="list"),
    path("new/", drafting.new, name="new"),
    path("<ref:ref>/", inside.project, name="project"),
    path("<ref:ref>/partners/", inside.partners, name="partners"),
    path("<ref:ref>/history/", inside.history, name="history"),
    path("<ref:ref>/edit/", drafting.edit, name="edit"),
    path("<ref:ref>/revise/", drafting.revise, name="revise"),
    path("<ref:ref>/invite/", partners.invite, name="invite"),
    path("<ref:ref>/invite/suggestions/", partners.suggestions, name="suggestions"),
    path("<ref:ref>/partners/<ref:agency>/take-back/", partners.take_back, name="take-back"),
    path("<ref:ref>/partners/<ref:agency>/accept-condition/", partners.accept_condition, name="accept-condition"),
    path("<ref:ref>/team/", partners.team, name="assign-team"),
    path("<ref:ref>/answer/", answering.answer, name="answer"),
    # The tab of an app above is named, not imported.
    path("<ref:ref>/agreements/", load("projects.agreements.panels.page"), name="agreements"),
    *[path(f"<ref:ref>/{verb}/", step, {"verb": verb}, name=verb) for verb in STEPS],
]
