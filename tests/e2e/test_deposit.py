"""First disclosure without disclosing: a file stays on the device, and an outsider proves offline that it existed."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.cast import PASSWORD
from tests.e2e import pages
from tests.e2e.installation import Installation
from tests.e2e.visitor import Visitor, Visitors

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SECRET = b"Bearing that needs no grease: two rings, one of them cut."


@pytest.fixture(scope="module")
def people(portal: Installation) -> None:
    """The cast; written before a browser starts, as Django refuses its database beside the loop that drives one."""
    pages.people()


def test_what_never_left_the_device_is_proved_offline(people: None, visit: Visitors, tmp_path: Path) -> None:
    mika = visit()
    mika.sign_in("mika@jaxa.example", PASSWORD)
    sent = listen(mika)
    idea = tmp_path / "bearing.txt"
    idea.write_bytes(SECRET)

    opening = deposit(mika.page, idea, tmp_path)
    bundle = take_receipt(mika.page, tmp_path)

    assert sent, "nothing was sent at all"
    assert not any(SECRET in body or b"bearing.txt" in body for body in sent)
    assert proof(bundle, idea, opening).returncode == 0
    idea.write_bytes(bytes([SECRET[0] ^ 1]) + SECRET[1:])
    refused = proof(bundle, idea, opening)
    assert refused.returncode == 1
    assert "bearing.txt" in refused.stdout
    assert mika.complaints == []


def test_anybody_checks_the_receipt_on_the_public_page(people: None, visit: Visitors, tmp_path: Path) -> None:
    mika = visit()
    mika.sign_in("mika@jaxa.example", PASSWORD)
    idea = tmp_path / "hinge.txt"
    idea.write_bytes(b"Hinge that opens by the heat of the sun.")
    deposit(mika.page, idea, tmp_path)
    take_receipt(mika.page, tmp_path)
    receipt = saved(mika.page, mika.page.get_by_role("link", name="JSON").first, tmp_path / "receipt.json")
    forged = tmp_path / "forged.json"
    forged.write_text(
        re.sub(
            r'("commitment":\s*")(.)',
            lambda found: found[1] + ("0" if found[2] != "0" else "1"),
            receipt.read_text(),
            count=1,
        )
    )
    stranger = visit().page

    show(stranger, receipt)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Proved")
    show(stranger, forged)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Not proved")


def listen(visitor: Visitor) -> list[bytes]:
    """Every body that the browser sends from now on."""
    bodies: list[bytes] = []

    def note(request: Request) -> None:
        if body := request.post_data_buffer:
            bodies.append(body)

    visitor.context.on("request", note)
    return bodies


def deposit(page: Page, idea: Path, folder: Path) -> Path:
    """Make a deposit that keeps its content here; returns the opening."""
    page.goto("/deposits/new/")
    page.get_by_label("Choose files").set_input_files(idea)
    page.get_by_role("button", name="Compute it in this browser").click()
    opening = saved(page, page.get_by_role("button", name="Download the opening"), folder / "opening.json")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Deposit the commitment").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return opening


def take_receipt(page: Page, folder: Path) -> Path:
    """Wait until the ledger has it, and unpack the receipt."""
    bundle = page.get_by_role("link", name="Receipt with script")
    for _attempt in range(20):
        if bundle.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with zipfile.ZipFile(saved(page, bundle.first, folder / "bundle.zip")) as packed:
        packed.extractall(folder / "bundle")
    return folder / "bundle"


def saved(page: Page, what: Locator, path: Path) -> Path:
    with page.expect_download() as download:
        what.click()
    download.value.save_as(path)
    return path


def show(page: Page, receipt: Path) -> None:
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(receipt)
    page.locator("main button[type=submit], main form button").first.click()


def proof(bundle: Path, idea: Path, opening: Path) -> subprocess.CompletedProcess[str]:
    """Run the script of the receipt as somebody would who has Python and nothing of ours."""
    script, receipt = next(bundle.rglob("verify.py")), next(bundle.rglob("receipt.json"))
    return subprocess.run(
        [sys.executable, "-I", str(script), str(receipt), str(idea), "--opening", str(opening)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=bundle,
    )
