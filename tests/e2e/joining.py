"""How people and agencies come into the portal, through its pages alone."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor

PASSWORD = "eleven-quiet-antennas-26"


@dataclass(frozen=True)
class Profile:
    """What an applicant types about an agency."""

    legal_name: str
    acronym: str
    country: str
    city: str
    zone: str
    domain: str


def sign_up(visitor: Visitor, address: str, name: str) -> None:
    """Make an account, and confirm the address with the link in the mail."""
    page = visitor.page
    page.goto("/")
    page.get_by_role("link", name="Register an agency").click()
    page.wait_for_url("**/account/signup/**")
    _make_account(visitor, address, name)


def join(visitor: Visitor, address: str, name: str, agency: str) -> None:
    """Follow the invitation in the mail: make an account with its address, and agree to join."""
    page = visitor.page
    page.goto(visitor.portal.link_for(address, "/agencies/invitations/"))
    expect(page.get_by_role("heading", name=f"Join {agency}")).to_be_visible()
    page.get_by_role("link", name="Create an account").click()
    _make_account(visitor, address, name)
    page.get_by_role("checkbox", name="I want to join").check()
    page.get_by_role("button", name="Join the agency").click()
    expect(page.get_by_text(f"Welcome to {agency}.")).to_be_visible()


def make_operator(visitor: Visitor, address: str, name: str) -> None:
    """Become the operator whom the shell has made, and confirm the address."""
    visitor.portal.manage("createsuperuser", "--noinput", f"--email={address}", f"--name={name}", password=PASSWORD)
    page = visitor.page
    page.goto("/account/login/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Verify")).to_be_visible()
    _confirm_address(visitor, address)


def verify_agency(operator: Visitor, profile: Profile) -> None:
    """Open the application in the administration, and verify it."""
    page = operator.page
    page.goto("/")
    page.locator("summary.person").click()
    page.get_by_role("link", name="Operation of the portal").click()
    page.get_by_role("link", name="Agencies", exact=True).first.click()
    page.get_by_role("link", name=profile.acronym, exact=True).click()
    page.get_by_role("link", name="Verify", exact=True).click()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text(f"{profile.acronym} is verified.")).to_be_visible()


def register_agency(visitor: Visitor, profile: Profile) -> None:
    """Apply for an agency."""
    page = visitor.page
    page.wait_for_url("**/agencies/register/")
    page.get_by_label("Legal name").fill(profile.legal_name)
    page.get_by_label("Acronym").fill(profile.acronym)
    page.get_by_role("radio", name="A national body").check()
    page.get_by_label("Country").select_option(label=profile.country)
    page.get_by_label("City").fill(profile.city)
    page.get_by_label("Time zone").select_option(value=profile.zone)
    page.get_by_label("E-mail domain").fill(profile.domain)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("Sent. An operator checks it")).to_be_visible()


def invite_signatory(visitor: Visitor, agency: str, address: str) -> None:
    """Ask somebody to join as a signatory; the page wants a fresh proof of who asks."""
    page = visitor.page
    page.goto(f"/agencies/{agency}/invite/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("checkbox", name="Signatory").check()
    page.get_by_label("Position").fill("Director General")
    prove(visitor)
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text(f"The invitation is on its way to {address}.")).to_be_visible()


def grant_mandate(visitor: Visitor, agency: str, person: str) -> None:
    """Let a signatory sign IP-sharing agreements."""
    page = visitor.page
    page.goto(f"/agencies/{agency}/mandates/")
    page.get_by_role("link", name="Grant a mandate").first.click()
    choice = page.get_by_label("Signatory").locator("option", has_text=person)
    page.get_by_label("Signatory").select_option(value=choice.get_attribute("value"))
    page.get_by_role("checkbox", name="IP-sharing agreement").check()
    page.get_by_label("What it rests on").fill("Decision of the board, 3 March")
    prove(visitor)
    page.get_by_role("button", name="Grant the mandate").click()
    expect(page.get_by_text("is granted, and its holder is told.")).to_be_visible()


def prove(visitor: Visitor) -> None:
    """Type the password again, as every page asks that gives rights to somebody."""
    visitor.page.get_by_role("group", name="Is it you?").get_by_label("Your password").fill(PASSWORD)


def _make_account(visitor: Visitor, address: str, name: str) -> None:
    page = visitor.page
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Verify")).to_be_visible()
    _confirm_address(visitor, address)


def _confirm_address(visitor: Visitor, address: str) -> None:
    """Follow the link in the mail with the browser that asked for it, which is signed in by that."""
    page = visitor.page
    page.goto(visitor.portal.link_for(address, "/account/confirm-email/"))
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("summary.person")).to_be_visible()
