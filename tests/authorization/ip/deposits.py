"""Deposits: one of JAXA that ESA may open but whose files it was not given, one of ESA, and one of a contributor."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.ip import actions
from projects.ip.models import Deposit
from projects.ip.receipts.openings import write_opening
from projects.models import Project
from tests.authorization.rows import Row, members, parties
from tests.projects.ip import forge

JAXA, ESA = {"mika", "kenji"}, {"lucien"}
DEPOSITING = "403 403 200 200 403 200 200 200 403"
DEPOSITED = DEPOSITING.replace("200", "422")
SHARED = parties("200 200 404")

ROWS = [
    Row("ip:deposits", GET=members("200")),
    Row("ip:project-deposits", "secret", GET=parties("200 200 200")),
    Row("ip:deposit-new", GET=members(DEPOSITING), POST=members(DEPOSITED)),
    Row("ip:deposit-store", GET=members(DEPOSITING), POST=members(DEPOSITED)),
    Row("ip:deposit-hash", GET=members(DEPOSITING), POST=members(DEPOSITED)),
    Row("ip:deposit-new", query="of={deposit}", GET=parties("403 200 404"), POST=parties("403 422 404")),
    Row("ip:deposit-store", query="of={deposit of ESA}", GET=parties("200 404 404"), POST=parties("422 404 404")),
    Row("ip:deposit", "deposit", GET=SHARED),
    Row("ip:deposit", "deposit of ESA", GET=parties("200 404 404")),
    Row("ip:deposit", "deposit of Sora", GET="in 404 404 404 200 404 404 200 404 404"),
    Row("ip:deposit-edit", "deposit", GET=parties("403 200 404"), POST=parties("403 422 404")),
    Row("ip:deposit-edit", "deposit of Sora", GET="in 404 404 404 200 404 404 200 404 404",
        POST="in 404 404 404 422 404 404 422 404 404"),
    Row("ip:deposit-seal", "deposit", POST=parties("409 409 404")),
    Row("ip:deposit-time-stamp", "deposit", POST=parties("403 409 404")),
    Row("ip:deposit-reveal", "deposit", GET=parties("403 200 404"), POST=parties("403 422 404")),
    Row("ip:deposit-reveal", "deposit of Sora", GET="in 404 404 404 403 404 404 409 404 404",
        POST="in 404 404 404 403 404 404 409 404 404"),
    Row("ip:deposit-receipt", "version of the deposit", GET=SHARED),
    Row("ip:deposit-receipt", "version of the deposit", query="opening=1", GET=SHARED),
    Row("ip:deposit-paper", "version of the deposit", GET=SHARED),
    Row("ip:deposit-bundle", "version of the deposit", query="opening=1", GET=SHARED),
    Row("ip:deposit-opening", "version of the deposit", GET=SHARED),
    Row("ip:deposit-opening", "version of the deposit of ESA", GET=parties("409 404 404")),
    Row("ip:deposit-file", "file of the deposit", GET=parties("404 200 404")),
    Row("api:deposit-list", GET=members("200"), POST=members(DEPOSITING.replace("200", "400"))),
    Row("api:deposit-detail", "deposit", GET=SHARED, PATCH=parties("403 200 404")),
    Row("api:deposit-detail", "deposit of ESA", GET=parties("200 404 404"), PATCH=parties("200 404 404")),
    Row("api:deposit-add-version", "deposit", POST=parties("403 400 404")),
    Row("api:deposit-reveal", "deposit", POST=parties("403 400 404")),
    Row("api:deposit-seal", "deposit", POST=parties("409 409 404")),
    Row("api:deposit-request-time-stamp", "deposit", POST=parties("403 409 404")),
    Row("api:deposit-receipt", "deposit", GET=SHARED),
    Row("api:deposit-receipt", "deposit", query="opening=1", GET=SHARED),
    Row("api:deposit-bundle", "deposit", query="opening=1", GET=SHARED),
]  # fmt: skip


def build(world: Any, secret: Project) -> None:
    cast = world.cast
    mika, lucien, sora = (cast.actor(person) for person in (cast.mika, cast.lucien, cast.sora))
    content = world.secret("depositcontent", {"mika"}).encode()
    name = f"{world.secret('depositfile', {'mika', 'lucien'})}.txt"
    entry = {"name": name, "size": len(content), "sha256": forge.digest(content).hex()}
    title = world.secret("deposittitle", {"mika", "lucien"})
    opening = write_opening(agency="JAXA", files=[entry], title=title, project=secret.ref, previous=None)
    made = actions.deposit(
        actor=mika, opening=opening, uploads=[SimpleUploadedFile(name, content)], project=secret,
        label=world.secret("depositlabel", {"mika"}), notes=world.secret("depositnotes", {"mika"}),
    )  # fmt: skip
    Deposit.objects.filter(pk=made.pk).update(export_class=Deposit.ExportClass.NOT_CONTROLLED)
    actions.reveal(made, actor=mika, number=1, agency=cast.esa)
    value = forge.commitment(forge.manifest(agency="ESA"))
    label = world.secret("depositofesa", ESA)
    other = actions.deposit(actor=lucien, commitment=value, project=secret, label=label)
    label = world.secret("depositofsora", {"sora", "mika"})
    own = actions.deposit(actor=sora, commitment=forge.commitment(forge.manifest(title="Sora's")), label=label)

    world.name("deposit", Deposit.objects.get(pk=made.pk), JAXA | ESA)
    world.name("deposit of ESA", other, ESA)
    world.name("deposit of Sora", own, JAXA | {"sora"})
    world.name("version of the deposit", made, ref=made.ref, number=1)
    world.name("version of the deposit of ESA", other, ref=other.ref, number=1)
    world.name("file of the deposit", made, ref=made.ref, number=1, sha256=entry["sha256"])
