"""The words of the table: who its columns are, what a row says, and which addresses are open to everybody."""

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
    "history:alarm",
    "history:witness-script",
    "agencies:register",  # leads to making an account
    "agencies:invitation",  # whoever holds the link
    "healthz",
    "readyz",
    "schema-docs",
    "problems",  # what the codes of the API mean
    "api:schema",
    "api:verify",
    "api:not-found",
    "api:ledger-alarms",
    "api:ledger-checkpoint",
    "api:ledger-cosignatures",  # read by anybody, added by agencies
    "api:ledger-keys",
    "api:ledger-witnesses",
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
