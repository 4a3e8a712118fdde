"""Agreements under /agreements/: the text and its pages, the verbs, signing, downloads."""

from django.urls import path

from projects.agreements.views import downloads, negotiating, pages, signing

app_name = "agreements"

urlpatterns = [
    path("", pages.agreements, name="list"),
    path("new/", negotiating.new, name="new"),
    path("<ref:ref>/", pages.agreement, name="agreement"),
    path("<ref:ref>/profile/", negotiating.profile, name="profile"),
    path("<ref:ref>/annexes/", pages.annexes, name="annexes"),
    path("<ref:ref>/history/", pages.history, name="history"),
    path("<ref:ref>/clauses/<slug:code>/", negotiating.clause, name="clause"),
    path("<ref:ref>/clauses/<slug:code>/restore/", negotiating.restore_clause, name="restore-clause"),
    path("<ref:ref>/share/", negotiating.share, name="share"),
    path("<ref:ref>/agree-to-text/", negotiating.agree_to_text, name="agree-to-text"),
    path("<ref:ref>/freeze/", negotiating.freeze, name="freeze"),
    path("<ref:ref>/reopen/", negotiating.reopen, name="reopen"),
    path("<ref:ref>/abandon/", negotiating.abandon, name="abandon"),
    path("<ref:ref>/sign/", signing.sign, name="sign"),
    path("<ref:ref>/decline/", signing.decline, name="decline"),
    path("<ref:ref>/notify-completion/", signing.notify_completion, name="notify-completion"),
    path("<ref:ref>/enter-into-force/", signing.enter_into_force, name="enter-into-force"),
    path("<ref:ref>/pdf/", downloads.pdf, name="pdf"),
    path("<ref:ref>/text/", downloads.text, name="text"),
]
