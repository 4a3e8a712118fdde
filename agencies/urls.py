"""Where agencies and their people live in the site."""

from django.urls import path

from agencies.views import account, directory, invitations, mandates, people, profile, registering, tokens, witnesses

app_name = "agencies"

urlpatterns = [
    path("", directory.directory, name="directory"),
    path("register/", registering.register, name="register"),
    path("account/", account.account, name="account"),
    path("act-for/", account.act_for, name="act-for"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("<ref:ref>/", profile.profile, name="profile"),
    path("<ref:ref>/edit/", profile.edit, name="edit"),
    path("<ref:ref>/apply-again/", profile.apply_again, name="apply-again"),
    path("<ref:ref>/history/", profile.history, name="history"),
    path("<ref:ref>/people/", people.people, name="people"),
    path("<ref:ref>/people/<ref:membership>/", people.roles, name="roles"),
    path("<ref:ref>/people/<ref:membership>/end/", people.end, name="end-membership"),
    path("<ref:ref>/invitations/", invitations.invitations, name="invitations"),
    path("<ref:ref>/invite/", invitations.invite, name="invite"),
    path("<ref:ref>/invitations/<ref:invitation>/withdraw/", invitations.withdraw, name="withdraw-invitation"),
    path("<ref:ref>/mandates/", mandates.mandates, name="mandates"),
    path("<ref:ref>/mandates/grant/", mandates.grant, name="grant-mandate"),
    path("<ref:ref>/mandates/<ref:mandate>/revoke/", mandates.revoke, name="revoke-mandate"),
    path("<ref:ref>/mandates/<ref:mandate>/document/", mandates.source, name="mandate-source"),
    path("<ref:ref>/tokens/", tokens.tokens, name="tokens"),
    path("<ref:ref>/tokens/issue/", tokens.issue, name="issue-token"),
    path("<ref:ref>/tokens/<ref:token>/revoke/", tokens.revoke, name="revoke-token"),
    path("<ref:ref>/witnesses/", witnesses.witnesses, name="witnesses"),
    path("<ref:ref>/witnesses/register/", witnesses.register, name="register-witness"),
    path("<ref:ref>/witnesses/co-sign/", witnesses.cosign, name="cosign"),
    path("<ref:ref>/witnesses/compare/", witnesses.compare, name="compare-checkpoint"),
    path("<ref:ref>/witnesses/addresses/", witnesses.addresses, name="checkpoint-addresses"),
    path("<ref:ref>/witnesses/<slug:key_id>/retire/", witnesses.retire, name="retire-witness"),
]
