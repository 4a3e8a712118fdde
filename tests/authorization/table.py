"""Who gets what at every address: the table that a reader of law can check without reading code.

The columns are people (tests/cast.py says who they are). A cell says what they are answered when they ask for a page
(GET), or send a form or a document in which nothing is filled in (POST, PATCH):

    in   is sent to the sign-in page (at the API: 401, sign in first)
    200  gets it; or: it was done          302  it was done, and the next page is shown
    400  the API names what is missing     422  the form comes back, and says what is missing
    403  may not, and is told why          404  learns nothing: the same answer as for what does not exist
    405  this cannot be asked for here     409  may, but not now, and is told why

A method that a row does not name is refused to everybody: 405, to whom has not signed in first `in`.
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE = ("anonymous", "noor", "nils", "tara", "sora", "emil", "lucien", "mika", "kenji", "olga")


@dataclass(frozen=True)
class Row:
    """What each person is answered at one address; `of` names the record that the address is about (world.py)."""

    name: str
    of: str = ""
    query: str = ""
    GET: str = ""
    POST: str = ""
    PATCH: str = ""
    PUT: str = ""
    DELETE: str = ""
    # Secrets that whoever has the address may read.
    gives: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.of, self.query)))

    @property
    def methods(self) -> tuple[str, ...]:
        """Those that the row allows to somebody."""
        return tuple(method for method in ("GET", "POST", "PATCH", "PUT", "DELETE") if getattr(self, method))

    def expected(self, method: str, person: str) -> str:
        """The status of the answer, `in` for being asked to sign in."""
        cells = getattr(self, method)
        if not cells:
            cells = anybody("405") if self.name in PUBLIC else members("405")
        cell = cells.split()[PEOPLE.index(person)]
        return "401" if cell == "in" and self.name.startswith("api:") else cell


def anybody(cell: str) -> str:
    """The same for everybody."""
    return " ".join([cell] * len(PEOPLE))


def members(cells: str) -> str:
    """Whoever has signed in, in the order of the columns; one cell when all are answered the same."""
    return f"in {cells if ' ' in cells else ' '.join([cells] * 9)}"


def parties(cells: str) -> str:
    """What JAXA and ESA share: Lucien of ESA, then Mika and Kenji of JAXA. For others there is nothing."""
    lucien, mika, kenji = cells.split()
    return f"in 404 404 404 404 404 {lucien} {mika} {kenji} 404"


def jaxa(cells: str) -> str:
    """What JAXA keeps to itself: Mika and Kenji. For others, also of ESA and JAXA's Sora, there is nothing."""
    mika, kenji = cells.split()
    return f"in 404 404 404 404 404 404 {mika} {kenji} 404"


def open_call(cells: str) -> str:
    """The inside of a proposal whose overview verified agencies read: Lucien, Mika, Kenji; Tara and Sora are refused."""
    lucien, mika, kenji = cells.split()
    return f"in 404 404 403 403 404 {lucien} {mika} {kenji} 404"


def public(cells: str) -> str:
    """The inside of a project whose overview everybody reads: Lucien, Mika, Kenji; all others are refused."""
    lucien, mika, kenji = cells.split()
    return f"in 403 403 403 403 403 {lucien} {mika} {kenji} 403"


def house(cells: str) -> str:
    """Inside JAXA's own pages: Sora, Mika, Kenji; members of verified agencies know JAXA and are refused."""
    sora, mika, kenji = cells.split()
    return f"in 404 404 403 {sora} 404 403 {mika} {kenji} 404"


def colleagues(cells: str) -> str:
    """Records about JAXA's people: Sora, Mika, Kenji. For others there is nothing."""
    sora, mika, kenji = cells.split()
    return f"in 404 404 404 {sora} 404 404 {mika} {kenji} 404"


def nova(cell: str) -> str:
    """An agency that nobody has verified: its own Nils. For others there is nothing."""
    return f"in 404 {cell} 404 404 404 404 404 404 404"


# Answered without an account; every other address asks for one (login_not_required is nowhere else).
PUBLIC = {
    "home",  # what this place is
    "projects:project",  # the overview of a public project
    "verify",  # is this file what was sealed?
    "history:ledger",
    "history:checkpoint",
    "history:entry",  # hashes and proofs only
    "agencies:register",  # leads to making an account
    "agencies:invitation",  # whoever holds the link
    "healthz",
    "readyz",
    "schema-docs",
    "api:schema",
    "api:verify",
    "api:not-found",
    "api:ledger-checkpoint",
    "api:ledger-consistency",
    "api:ledger-proof",
}
# Pages of allauth that are answered without an account: signing in and up, confirming an address, a forgotten password.
PUBLIC_ACCOUNT = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
}

# fmt: off
ROWS = [
    # For everybody.
    Row("home", GET=anybody("200")),
    Row("verify", GET=anybody("200"), POST=anybody("422")),
    Row("history:ledger", GET=anybody("200")),
    Row("history:checkpoint", GET=anybody("200")),
    Row("history:entry", "entry", GET=anybody("200")),
    Row("schema-docs", GET=anybody("200")),
    Row("healthz", GET=anybody("200")),
    Row("readyz", GET=anybody("200")),
    # Agencies and their people.
    Row("agencies:directory", GET=members("200")),
    Row("agencies:directory", query="q=nova", GET=members("200")),
    Row("agencies:register", GET="302 200 200 200 200 200 200 200 200 200", POST="302 422 422 422 422 422 422 422 422 422"),
    Row("agencies:account", GET=members("200"), POST=members("422")),
    Row("agencies:act-for", POST=members("302")),
    Row("agencies:invitation", "link of the invitation", GET=anybody("200"), POST=anybody("403"), gives=("invitation",)),
    Row("agencies:profile", "JAXA", GET=members("404 404 200 200 404 200 200 200 404")),
    Row("agencies:profile", "NOVA", GET=nova("200")),
    Row("agencies:edit", "JAXA", GET=house("403 200 403"), POST=house("403 422 403")),
    Row("agencies:edit", "NOVA", GET=nova("200"), POST=nova("422")),
    Row("agencies:apply-again", "JAXA", POST=house("403 409 403")),
    Row("agencies:apply-again", "NOVA", POST=nova("409")),
    Row("agencies:history", "JAXA", GET=house("200 200 200")),
    Row("agencies:people", "JAXA", GET=house("200 200 200")),
    Row("agencies:roles", "JAXA and membership", GET=house("200 200 200"), POST=house("403 422 403")),
    Row("agencies:end-membership", "JAXA and membership", POST=house("302 302 403")),
    Row("agencies:invitations", "JAXA", GET=house("200 200 200")),
    Row("agencies:invite", "JAXA", GET=house("403 200 403"), POST=house("403 422 403")),
    Row("agencies:invite", "NOVA", GET=nova("200"), POST=nova("422")),
    Row("agencies:withdraw-invitation", "JAXA and invitation", POST=house("403 302 403")),
    Row("agencies:mandates", "JAXA", GET=house("200 200 200")),
    Row("agencies:grant-mandate", "JAXA", GET=house("403 200 403"), POST=house("403 422 403")),
    Row("agencies:grant-mandate", "NOVA", GET=nova("200"), POST=nova("422")),
    Row("agencies:revoke-mandate", "JAXA and mandate", POST=house("403 302 403")),
    Row("agencies:mandate-source", "JAXA and mandate", GET=house("200 200 200")),
    Row("agencies:tokens", "JAXA", GET=house("200 200 200")),
    Row("agencies:issue-token", "JAXA", GET=house("200 200 200"), POST=house("422 422 422")),
    Row("agencies:issue-token", "NOVA", GET=nova("200"), POST=nova("422")),
    Row("agencies:revoke-token", "JAXA and token", POST=house("404 302 404")),
    # Projects.
    Row("projects:list", GET=members("200")),
    Row("projects:list", query="q=canary", GET=members("200")),
    Row("projects:list", query="q=ESA", GET=members("200")),
    Row("projects:list", query="q={secret}", GET=members("200 200 200 200 200 302 302 302 200")),
    Row("projects:new", GET=members("403 200 200 200 403 200 200 403 403"), POST=members("403 422 422 422 403 422 422 403 403")),
    Row("projects:project", "secret", GET=parties("200 200 200")),
    Row("projects:project", "draft", GET=jaxa("200 200")),
    Row("projects:project", "open", GET=members("404 404 200 200 404 200 200 200 404")),
    Row("projects:project", "public", GET=anybody("200")),
    Row("projects:partners", "secret", GET=parties("200 200 200")),
    Row("projects:partners", "draft", GET=jaxa("200 200")),
    Row("projects:partners", "open", GET=open_call("200 200 200")),
    Row("projects:partners", "public", GET=public("200 200 200")),
    Row("projects:history", "secret", GET=parties("200 200 200")),
    Row("projects:history", "draft", GET=jaxa("200 200")),
    Row("projects:history", "open", GET=open_call("200 200 200")),
    Row("projects:history", "public", GET=public("200 200 200")),
    Row("projects:edit", "secret", GET=parties("403 409 403"), POST=parties("403 409 403")),
    Row("projects:edit", "draft", GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("projects:edit", "open", GET=open_call("403 409 403"), POST=open_call("403 409 403")),
    Row("projects:edit", "public", GET=public("403 409 403"), POST=public("403 409 403")),
    Row("projects:revise", "secret", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("projects:revise", "draft", GET=jaxa("409 403"), POST=jaxa("409 403")),
    Row("projects:revise", "open", GET=open_call("403 200 403"), POST=open_call("403 422 403")),
    Row("projects:invite", "secret", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("projects:invite", "draft", GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("projects:invite", "open", GET=open_call("403 200 403"), POST=open_call("403 422 403")),
    Row("projects:invite", "public", GET=public("403 200 403"), POST=public("403 422 403")),
    Row("projects:suggestions", "secret", GET=parties("403 200 403")),
    Row("projects:suggestions", "draft", GET=jaxa("200 403")),
    Row("projects:suggestions", "open", GET=open_call("403 200 403")),
    Row("projects:take-back", "secret and ESA", POST=parties("403 409 403")),
    Row("projects:take-back", "open and ESA", POST=open_call("403 302 403")),
    Row("projects:accept-condition", "secret and ESA", POST=parties("403 409 403")),
    Row("projects:accept-condition", "open and ESA", POST=open_call("403 302 403")),
    Row("projects:assign-team", "secret", GET=parties("200 200 403"), POST=parties("302 302 403")),
    Row("projects:assign-team", "draft", GET=jaxa("200 403"), POST=jaxa("302 403")),
    Row("projects:assign-team", "open", GET=open_call("200 200 403"), POST=open_call("302 302 403")),
    Row("projects:answer", "secret", GET=parties("200 200 200"), POST=parties("409 403 403")),
    Row("projects:answer", "draft", GET=jaxa("200 200"), POST=jaxa("403 403")),
    Row("projects:answer", "open", GET=open_call("200 200 200"), POST=open_call("422 403 403")),
    Row("projects:answer", "public", GET=public("200 200 200"), POST=public("422 403 403")),
    Row("projects:agreements", "secret", GET=parties("200 200 200")),
    Row("projects:agreements", "draft", GET=jaxa("200 200")),
    Row("projects:agreements", "open", GET=open_call("200 200 200")),
    Row("projects:agreements", "public", GET=public("200 200 200")),
    Row("projects:propose", "secret", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("projects:propose", "draft", GET=jaxa("200 200"), POST=jaxa("302 403")),
    Row("projects:withdraw", "secret", GET=parties("200 200 200"), POST=parties("403 302 403")),
    Row("projects:withdraw", "draft", GET=jaxa("200 200"), POST=jaxa("302 403")),
    Row("projects:withdraw", "open", GET=open_call("200 200 200"), POST=open_call("403 302 403")),
    Row("projects:activate", "secret", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("projects:activate", "draft", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("projects:suspend", "secret", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("projects:suspend", "draft", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("projects:resume", "secret", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("projects:resume", "draft", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("projects:complete", "secret", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("projects:complete", "draft", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("projects:cancel", "secret", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("projects:cancel", "draft", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("projects:leave", "secret", GET=parties("200 200 200"), POST=parties("302 403 403")),
    Row("projects:leave", "draft", GET=jaxa("200 200"), POST=jaxa("403 403")),
    Row("projects:leave", "open", GET=open_call("200 200 200"), POST=open_call("409 403 403")),
    # Intellectual property.
    Row("ip:register", "secret", GET=parties("200 200 200")),
    Row("ip:register", "draft", GET=jaxa("200 200")),
    Row("ip:register", "open", GET=open_call("200 200 200")),
    Row("ip:register", "public", GET=public("200 200 200")),
    Row("ip:list-background", "secret", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:list-background", "draft", GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("ip:claim-result", "secret", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:claim-result", "draft", GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("ip:claim-result", "open", GET=open_call("409 200 403"), POST=open_call("409 422 403")),
    Row("ip:declare-sideground", "secret", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:declare-sideground", "draft", GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("ip:declare-sideground", "open", GET=open_call("409 200 403"), POST=open_call("409 422 403")),
    Row("ip:asset", "asset", GET=parties("200 200 200")),
    Row("ip:asset", "asset of ESA", GET=parties("200 200 200")),
    Row("ip:edit", "asset", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:edit", "asset of ESA", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:set-shares", "asset", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:set-shares", "asset of ESA", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:contest", "asset", GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:contest", "asset of ESA", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:settle", "asset", POST=parties("302 403 403")),
    Row("ip:settle", "asset of ESA", POST=parties("409 409 403")),
    Row("ip:withdraw", "asset", POST=parties("403 302 403")),
    Row("ip:withdraw", "asset of ESA", POST=parties("302 403 403")),
    # Agreements.
    Row("agreements:list", GET=members("200")),
    Row("agreements:new", GET=members("404"), POST=members("404")),
    Row("agreements:new", query="project={secret}", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:new", query="project={draft}", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("agreements:agreement", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:agreement", "declined agreement", GET=parties("200 200 200")),
    Row("agreements:agreement", "open agreement", GET=parties("200 200 200")),
    Row("agreements:agreement", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:profile", "signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:profile", "open agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:profile", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:annexes", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:annexes", "open agreement", GET=parties("200 200 200")),
    Row("agreements:annexes", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:history", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:history", "open agreement", GET=parties("200 200 200")),
    Row("agreements:history", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:clause", "clause of the signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:clause", "clause of the open agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:restore-clause", "clause of the signing agreement", POST=parties("409 409 403")),
    Row("agreements:restore-clause", "clause of the open agreement", POST=parties("302 302 403")),
    Row("agreements:share", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:share", "open agreement", POST=parties("409 409 403")),
    Row("agreements:share", "drafted agreement", POST=jaxa("302 403")),
    Row("agreements:agree-to-text", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:agree-to-text", "open agreement", POST=parties("409 409 403")),
    Row("agreements:agree-to-text", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:freeze", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:freeze", "open agreement", POST=parties("409 409 403")),
    Row("agreements:freeze", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:reopen", "signing agreement", POST=parties("422 422 403")),
    Row("agreements:reopen", "declined agreement", POST=parties("422 422 403")),
    Row("agreements:reopen", "open agreement", POST=parties("409 409 403")),
    Row("agreements:reopen", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:abandon", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:abandon", "declined agreement", POST=parties("302 302 403")),
    Row("agreements:abandon", "open agreement", POST=parties("302 302 403")),
    Row("agreements:abandon", "drafted agreement", POST=jaxa("302 403")),
    Row("agreements:sign", "signing agreement", GET=parties("200 200 200"), POST=parties("403 403 422")),
    Row("agreements:sign", "declined agreement", GET=parties("302 302 302"), POST=parties("403 403 409")),
    Row("agreements:sign", "open agreement", GET=parties("302 302 302"), POST=parties("403 403 409")),
    Row("agreements:sign", "drafted agreement", GET=jaxa("302 302"), POST=jaxa("403 409")),
    Row("agreements:decline", "signing agreement", POST=parties("403 403 422")),
    Row("agreements:decline", "open agreement", POST=parties("403 403 409")),
    Row("agreements:decline", "drafted agreement", POST=jaxa("403 409")),
    Row("agreements:notify-completion", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:notify-completion", "open agreement", POST=parties("409 409 403")),
    Row("agreements:notify-completion", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:enter-into-force", "signing agreement", POST=parties("403 409 403")),
    Row("agreements:enter-into-force", "open agreement", POST=parties("403 409 403")),
    Row("agreements:enter-into-force", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:pdf", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:pdf", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:text", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:text", "open agreement", GET=parties("200 200 200")),
    Row("agreements:text", "drafted agreement", GET=jaxa("200 200")),
    # Threads and messages.
    Row("messaging:threads", GET=members("200")),
    Row("messaging:new", GET=members("200"), POST=members("200")),
    Row("messaging:new", query="project={secret}", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("messaging:new", query="project={draft}", GET=jaxa("200 200"), POST=jaxa("422 422")),
    Row("messaging:new", query="agency=NOVA", GET=members("404"), POST=members("404")),
    Row("messaging:thread", "project thread", GET=parties("200 200 200")),
    Row("messaging:thread", "agency thread", GET=parties("200 200 200")),
    Row("messaging:thread", "inner thread", GET=jaxa("200 200")),
    Row("messaging:messages", "project thread", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("messaging:messages", "agency thread", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("messaging:messages", "inner thread", GET=jaxa("200 200"), POST=jaxa("422 422")),
    Row("messaging:message", "shared message", GET=parties("200 200 200"), POST=parties("403 422 403")),
    Row("messaging:message", "internal message", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("messaging:withdraw", "shared message", POST=parties("403 302 403")),
    Row("messaging:withdraw", "internal message", POST=jaxa("302 403")),
    Row("messaging:read", "project thread", POST=parties("302 302 302")),
    Row("messaging:read", "inner thread", POST=jaxa("302 302")),
    Row("messaging:add-agency", "project thread", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("messaging:add-agency", "inner thread", GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("messaging:close", "project thread", POST=parties("403 302 403")),
    Row("messaging:close", "inner thread", POST=jaxa("302 403")),
    Row("messaging:reopen", "project thread", POST=parties("403 409 403")),
    Row("messaging:reopen", "inner thread", POST=jaxa("409 403")),
    Row("messaging:project-threads", "secret", GET=parties("200 200 200")),
    Row("messaging:project-threads", "draft", GET=jaxa("200 200")),
    Row("messaging:project-threads", "open", GET=open_call("200 200 200")),
    Row("messaging:project-threads", "public", GET=public("200 200 200")),
    # Inbox.
    Row("inbox:count", GET=members("200")),
    Row("inbox:read", POST=members("400")),
    Row("inbox:preferences", GET=members("200"), POST=members("422")),
    # The API: proofs for everybody.
    Row("api:schema", GET=anybody("200")),
    Row("api:verify", GET=anybody("400")),
    Row("api:not-found", "no such address", "", *[anybody("404")] * 5),
    Row("api:ledger-checkpoint", GET=anybody("200")),
    Row("api:ledger-consistency", GET=anybody("400")),
    Row("api:ledger-proof", GET=anybody("400")),
    # The API: who.
    Row("api:me", GET=members("200"), PATCH=members("200")),
    Row("api:agency-list", GET=members("200"), POST=members("400")),
    Row("api:agency-detail", "JAXA", GET=members("404 404 200 200 404 200 200 200 404"), PATCH=house("403 200 403")),
    Row("api:agency-detail", "NOVA", GET=nova("200"), PATCH=nova("200")),
    Row("api:agency-apply-again", "JAXA", POST=house("403 409 403")),
    Row("api:agency-apply-again", "NOVA", POST=nova("409")),
    Row("api:membership-list", GET=members("200")),
    Row("api:membership-detail", "membership", GET=colleagues("200 200 200")),
    Row("api:membership-change-roles", "membership", POST=colleagues("403 400 403")),
    Row("api:membership-end", "membership", POST=colleagues("200 200 403")),
    Row("api:invitation-list", GET=members("200"), POST=members("403 400 400 403 403 400 400 403 403")),
    Row("api:invitation-accept", POST=members("400")),
    Row("api:invitation-detail", "invitation", GET=colleagues("200 200 200")),
    Row("api:invitation-withdraw", "invitation", POST=colleagues("403 200 403")),
    Row("api:mandate-list", GET=members("200"), POST=members("403 400 400 403 403 400 400 403 403")),
    Row("api:mandate-detail", "mandate", GET=colleagues("200 200 200")),
    Row("api:mandate-revoke", "mandate", POST=colleagues("403 200 403")),
    Row("api:token-list", GET=members("200"), POST=members("403 400 400 400 403 400 400 400 403")),
    Row("api:token-detail", "token", GET=jaxa("200 404")),
    Row("api:token-revoke", "token", POST=jaxa("200 404")),
    # The API: joint work.
    Row("api:project-list", query="q=canary", GET=members("200"), POST=members("403 400 400 400 403 400 400 403 403")),
    Row("api:project-list", GET=members("200"), POST=members("403 400 400 400 403 400 400 403 403")),
    Row("api:project-detail", "secret", GET=parties("200 200 200"), PATCH=parties("403 409 403")),
    Row("api:project-detail", "draft", GET=jaxa("200 200"), PATCH=jaxa("200 403")),
    Row("api:project-detail", "open", GET=members("404 404 200 200 404 200 200 200 404"), PATCH=open_call("403 409 403")),
    Row("api:project-detail", "public", GET=members("200"), PATCH=public("403 409 403")),
    Row("api:project-accept-condition", "secret", POST=parties("403 409 403")),
    Row("api:project-accept-condition", "open", POST=open_call("403 400 403")),
    Row("api:project-activate", "secret", POST=parties("403 409 403")),
    Row("api:project-answer", "secret", POST=parties("409 403 403")),
    Row("api:project-answer", "draft", POST=jaxa("403 403")),
    Row("api:project-answer", "open", POST=open_call("400 403 403")),
    Row("api:project-answer", "public", POST=public("400 403 403")),
    Row("api:project-assign-team", "secret", POST=parties("400 400 403")),
    Row("api:project-cancel", "secret", POST=parties("403 409 403")),
    Row("api:project-complete", "secret", POST=parties("403 409 403")),
    Row("api:project-invite", "secret", POST=parties("403 400 403")),
    Row("api:project-invite", "open", POST=open_call("403 400 403")),
    Row("api:project-invite", "public", POST=public("403 400 403")),
    Row("api:project-leave", "secret", POST=parties("200 403 403")),
    Row("api:project-leave", "open", POST=open_call("409 403 403")),
    Row("api:project-propose", "secret", POST=parties("403 409 403")),
    Row("api:project-propose", "draft", POST=jaxa("200 403")),
    Row("api:project-resume", "secret", POST=parties("403 409 403")),
    Row("api:project-revise", "secret", POST=parties("403 400 403")),
    Row("api:project-suspend", "secret", POST=parties("403 409 403")),
    Row("api:project-take-back", "secret", POST=parties("403 400 403")),
    Row("api:project-take-back", "open", POST=open_call("403 400 403")),
    Row("api:project-withdraw", "secret", POST=parties("403 200 403")),
    Row("api:project-withdraw", "draft", POST=jaxa("200 403")),
    Row("api:project-withdraw", "open", POST=open_call("403 200 403")),
    Row("api:participation-list", GET=members("200")),
    Row("api:participation-detail", "part of ESA", GET=parties("200 200 200")),
    # The API: intellectual property.
    Row("api:asset-list", GET=members("200"), POST=members("400")),
    Row("api:asset-detail", "asset", GET=parties("200 200 200"), PATCH=parties("403 200 403")),
    Row("api:asset-detail", "asset of ESA", GET=parties("200 200 200"), PATCH=parties("200 403 403")),
    Row("api:asset-contest", "asset", POST=parties("409 403 403")),
    Row("api:asset-contest", "asset of ESA", POST=parties("403 400 403")),
    Row("api:asset-set-shares", "asset", POST=parties("403 400 403")),
    Row("api:asset-set-shares", "asset of ESA", POST=parties("400 403 403")),
    Row("api:asset-settle", "asset", POST=parties("200 403 403")),
    Row("api:asset-settle", "asset of ESA", POST=parties("409 409 403")),
    Row("api:asset-withdraw", "asset", POST=parties("403 200 403")),
    Row("api:asset-withdraw", "asset of ESA", POST=parties("200 403 403")),
    # The API: agreements.
    Row("api:agreement-text", "signing agreement", GET=parties("200 200 200")),
    Row("api:agreement-text", "open agreement", GET=parties("200 200 200")),
    Row("api:agreement-text", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-challenge", "signing agreement", GET=parties("403 403 200")),
    Row("api:agreement-challenge", "open agreement", GET=parties("403 403 409")),
    Row("api:agreement-challenge", "drafted agreement", GET=jaxa("403 409")),
    Row("api:agreement-list", GET=members("200"), POST=members("400")),
    Row("api:agreement-detail", "signing agreement", GET=parties("200 200 200")),
    Row("api:agreement-detail", "declined agreement", GET=parties("200 200 200")),
    Row("api:agreement-detail", "open agreement", GET=parties("200 200 200")),
    Row("api:agreement-detail", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-abandon", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-abandon", "declined agreement", POST=parties("200 200 403")),
    Row("api:agreement-abandon", "open agreement", POST=parties("200 200 403")),
    Row("api:agreement-abandon", "drafted agreement", POST=jaxa("200 403")),
    Row("api:agreement-agree-to-text", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-agree-to-text", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-agree-to-text", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-answer-profile", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-answer-profile", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-answer-profile", "drafted agreement", POST=jaxa("400 403")),
    Row("api:agreement-decline", "signing agreement", POST=parties("403 403 400")),
    Row("api:agreement-decline", "open agreement", POST=parties("403 403 409")),
    Row("api:agreement-decline", "drafted agreement", POST=jaxa("403 409")),
    Row("api:agreement-enter-into-force", "signing agreement", POST=parties("403 409 403")),
    Row("api:agreement-enter-into-force", "open agreement", POST=parties("403 409 403")),
    Row("api:agreement-enter-into-force", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-freeze", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-freeze", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-freeze", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-notify-completion", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-notify-completion", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-notify-completion", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-reopen", "signing agreement", POST=parties("400 400 403")),
    Row("api:agreement-reopen", "declined agreement", POST=parties("400 400 403")),
    Row("api:agreement-reopen", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-reopen", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-restore-clause", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-restore-clause", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-restore-clause", "drafted agreement", POST=jaxa("400 403")),
    Row("api:agreement-share", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-share", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-share", "drafted agreement", POST=jaxa("200 403")),
    Row("api:agreement-sign", "signing agreement", POST=parties("403 403 400")),
    Row("api:agreement-sign", "declined agreement", POST=parties("403 403 409")),
    Row("api:agreement-sign", "open agreement", POST=parties("403 403 409")),
    Row("api:agreement-sign", "drafted agreement", POST=jaxa("403 409")),
    Row("api:agreement-word-clause", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-word-clause", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-word-clause", "drafted agreement", POST=jaxa("400 403")),
    # The API: talk and what one is told.
    Row("api:thread-list", GET=members("200"), POST=members("400")),
    Row("api:thread-detail", "project thread", GET=parties("200 200 200")),
    Row("api:thread-detail", "agency thread", GET=parties("200 200 200")),
    Row("api:thread-detail", "inner thread", GET=jaxa("200 200")),
    Row("api:thread-add-agency", "project thread", POST=parties("403 400 403")),
    Row("api:thread-add-agency", "inner thread", POST=jaxa("400 403")),
    Row("api:thread-close", "project thread", POST=parties("403 200 403")),
    Row("api:thread-close", "inner thread", POST=jaxa("200 403")),
    Row("api:thread-reopen", "project thread", POST=parties("403 409 403")),
    Row("api:thread-reopen", "inner thread", POST=jaxa("409 403")),
    Row("api:message-list", GET=members("200"), POST=members("400")),
    Row("api:message-detail", "shared message itself", GET=parties("200 200 200"), PATCH=parties("403 400 403")),
    Row("api:message-detail", "internal message itself", GET=jaxa("200 200"), PATCH=jaxa("400 403")),
    Row("api:message-withdraw", "shared message itself", POST=parties("403 200 403")),
    Row("api:message-withdraw", "internal message itself", POST=jaxa("200 403")),
    Row("api:inbox-list", GET=members("200")),
    Row("api:inbox-read-all", POST=members("400")),
    Row("api:inbox-detail", "item", GET=jaxa("200 200")),
    Row("api:inbox-read", "item", POST=jaxa("200 200")),
    Row("api:event-list", GET=members("200")),
    Row("api:event-detail", "event", GET=jaxa("200 200")),
]
# fmt: on
