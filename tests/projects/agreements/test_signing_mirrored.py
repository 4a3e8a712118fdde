"""The audit compares what the tables keep to be signed outside with what the history says was kept."""

import pytest
from django.core.management import CommandError, call_command

from portal.files.storage import store
from portal.history.alarms import examine
from portal.history.sealer import seal
from portal.kit.actors import Actor
from projects.agreements import verification
from projects.agreements.models import PdfToSign
from projects.agreements.signing.outside import pdf_to_sign
from tests import cast as casting
from tests import stage
from tests.database import superuser


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.SIGNING_KEY_FILE, settings.MEDIA_ROOT = tmp_path / "ledger.pem", tmp_path / "files"
    return casting.build()


def test_a_pdf_to_be_signed_that_is_not_the_one_in_the_history_is_named(world):
    agreement, untold = (stage.frozen_agreement(world) for _number in range(2))
    forged = store(b"%PDF-1.7 JAXA pays for all.", "to-sign.pdf", actor=Actor.system())
    pdf_to_sign(agreement.text)
    seal()
    kept, before = PdfToSign.objects.get().file.sha256, examine()

    PdfToSign.objects.create(text=untold.text, file=forged)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        swapped = admin.execute("UPDATE agreements_pdftosign SET file_id = %s", [forged.pk])
    told = [str(finding) for finding in examine()]

    assert before == []
    assert swapped.rowcount == 2
    assert told == [
        f"the PDF to be signed of {agreement.ref} v1: no event says that {forged.sha256} was kept as such",
        f"the PDF to be signed of {untold.ref} v1: no event says that {forged.sha256} was kept as such",
        f"the PDF to be signed of {agreement.ref} v1: the history says that it is {kept}, and that is not kept",
    ]
    assert verification.verify(forged.sha256).outcome == "unknown"
    assert verification.verify(kept).outcome == "unknown"
    with pytest.raises(CommandError, match="The ledger does not verify"):
        call_command("ledger", "verify")
