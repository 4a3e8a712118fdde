"""Every version of a text: made again as it was, listed with what it changed, and taken along as a file."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from portal.history.models import Event
from projects.agreements import actions
from projects.agreements.canonical import canonical_bytes, read_canonical
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement, Revision
from projects.agreements.sealing import seal
from projects.agreements.versions import document_at, find, revisions_of
from tests import stage

FILES = ["pdf", "docx", "markdown", "text"]


def address(name, agreement, query=""):
    return reverse(f"agreements:{name}", args=[agreement.ref]) + query


def edited(cast):
    """JAXA's draft of four revisions: first, other words, another answer, a clause left out."""
    agreement = stage.drafted_agreement(cast)
    mika = cast.actor(cast.mika)
    agreement = actions.word_clause(agreement, "notices", actor=mika, text="Notices go by raven only.")
    agreement = actions.answer_profile(agreement, actor=mika, answers={"term_years": 9})
    agreement = actions.remove_clause(agreement, "publicity", actor=mika) if _has(agreement, "publicity") else agreement
    return Agreement.objects.get(pk=agreement.pk)


def _has(agreement, code):
    return agreement.clauses.filter(code=code).exists()


def words_of(document, code):
    return next(clause["text"] for clause in document["clauses"] if clause["code"] == code)


def test_every_revision_is_made_again_as_it_was_written(cast):
    agreement = stage.drafted_agreement(cast)
    mika = cast.actor(cast.mika)
    written = [dict(draft_document(Agreement.objects.get(pk=agreement.pk)))]
    for change in (
        lambda: actions.word_clause(agreement, "notices", actor=mika, text="Notices go by raven only."),
        lambda: actions.answer_profile(agreement, actor=mika, answers={"term_years": 9}),
        lambda: actions.add_clause(agreement, actor=mika, heading="Ravens", text="They are fed.", after="notices"),
        lambda: actions.move_clause(agreement, "notices", actor=mika, after=""),
    ):
        change()
        written.append(dict(draft_document(Agreement.objects.get(pk=agreement.pk))))

    again = [document_at(Agreement.objects.get(pk=agreement.pk), revision=number) for number in range(1, 6)]

    assert again == written
    assert [canonical_bytes(document) for document in again] == [canonical_bytes(document) for document in written]


def test_a_frozen_text_is_what_was_frozen_whatever_came_after(cast):
    agreement = stage.frozen_agreement(cast)
    frozen = agreement.text
    actions.reopen(agreement, actor=cast.actor(cast.mika), reason="Again.")

    again = Agreement.objects.get(pk=agreement.pk)
    version = find(again, "v1", cast.actor(cast.lucien))

    assert document_at(again, text=version.text) == frozen.document
    assert canonical_bytes(document_at(again, revision=again.revision))


def test_a_text_from_before_revisions_were_kept_is_made_of_its_wordings(cast, monkeypatch):
    monkeypatch.setattr(Revision.objects, "create", lambda **_row: None)
    agreement = edited(cast)
    assert not Revision.objects.exists()

    first = document_at(agreement, revision=1)

    assert "raven" not in words_of(first, "notices")
    assert [version.key for version in revisions_of(agreement, cast.actor(cast.mika))][-1] == "r1"
    assert canonical_bytes(first)


def test_a_revision_says_what_it_changed(cast):
    agreement = edited(cast)

    changes = {version.key: version.changes for version in revisions_of(agreement, cast.actor(cast.mika))}

    assert changes["r1"] == []
    assert any("Notices" in change for change in changes["r2"])
    assert any("9 years" in change for change in changes["r3"])


def test_drafts_from_before_the_text_was_shared_stay_the_drafters_own(cast):
    agreement = actions.share(edited(cast), actor=cast.actor(cast.mika))
    last = agreement.revision

    assert [version.number for version in revisions_of(agreement, cast.actor(cast.lucien))] == [last]
    assert len(revisions_of(agreement, cast.actor(cast.mika))) == last
    for name in ("docx", "markdown", "pdf", "text"):
        assert cast.client(cast.lucien).get(address(name, agreement, "?version=r1")).status_code == 404
        assert cast.client(cast.mika).get(address(name, agreement, "?version=r1")).status_code == 200
    assert cast.client(cast.lucien).get(address("compare", agreement, "?from=r1")).status_code == 404
    assert (
        cast.client(cast.lucien).get(f"/api/v1/agreements/{agreement.ref}/export/?format=docx&from=r1").status_code
        == 404
    )


def test_the_page_lists_revisions_and_frozen_texts_with_their_files(cast):
    agreement = stage.frozen_agreement(cast)

    html = cast.client(cast.lucien).get(address("versions", agreement)).content.decode()

    for told in ("Version 1", "?version=v1", "?version=r1", "Markdown", "Show what differs"):
        assert told in html


@pytest.mark.parametrize("name", ["versions", "compare", *FILES])
def test_strangers_meet_404(cast, name):
    agreement = stage.frozen_agreement(cast)

    for person in (cast.tara, cast.sora, cast.noor, cast.olga, cast.emil, cast.nils):
        assert cast.client(person).get(address(name, agreement)).status_code == 404


@pytest.mark.parametrize("path", ["revisions/", "compare/", "export/?format=docx"])
def test_strangers_meet_404_in_the_api(cast, path):
    agreement = stage.frozen_agreement(cast)

    assert cast.client(cast.tara).get(f"/api/v1/agreements/{agreement.ref}/{path}").status_code == 404
    assert cast.client(None).get(f"/api/v1/agreements/{agreement.ref}/{path}").status_code == 401


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_a_download_that_no_browser_runs(cast, name):
    agreement = stage.shared_agreement(cast)

    response = cast.client(cast.lucien).get(address(name, agreement))

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith(f'attachment; filename="{agreement.ref}')
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_json_of_a_version_is_its_canonical_bytes(cast):
    agreement = stage.frozen_agreement(cast)

    content = cast.client(cast.lucien).get(address("text", agreement, "?version=v1")).content

    assert hashlib.sha256(content).hexdigest() == agreement.text.sha256
    assert read_canonical(content) == agreement.text.document


def test_the_text_as_it_stands_is_still_the_one_that_is_agreed_to(cast):
    agreement = stage.shared_agreement(cast)

    content = cast.client(cast.lucien).get(address("text", agreement)).content

    assert content == canonical_bytes(draft_document(agreement))


def test_the_pdf_of_a_revision_says_which_draft_it_is(cast):
    agreement = edited(cast)

    content = cast.client(cast.mika).get(address("pdf", agreement, "?version=r1")).content
    text = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())

    assert "Revision 1, written by JAXA" in text
    assert "Draft – not for signature" in text


@pytest.mark.parametrize("query", ["", "?version=r3"])
def test_a_draft_says_its_revision_in_its_name_and_on_every_page(cast, query):
    agreement = edited(cast)
    assert agreement.revision == 3

    response = cast.client(cast.mika).get(address("pdf", agreement, query))
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(response.content)).pages]

    assert f'filename="{agreement.ref}-r3-draft.pdf"' in response["Content-Disposition"]
    assert "draft of revision 3" in pages[0]
    assert "Revision 3, written by JAXA" in pages[0]
    assert all(f"{agreement.ref} · version 1 · revision 3" in page for page in pages)


def test_a_frozen_text_is_of_no_revision(cast):
    agreement = stage.frozen_agreement(cast)

    response = cast.client(cast.mika).get(address("pdf", agreement))

    assert f'filename="{agreement.ref}-v1-unsigned.pdf"' in response["Content-Disposition"]
    assert "· revision" not in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()


def test_the_pdf_of_a_sealed_version_is_the_sealed_one(cast):
    agreement = stage.signed_agreement(cast)
    sealed = seal(agreement.ref)

    content = b"".join(cast.client(cast.mika).get(address("pdf", agreement, "?version=v1")))

    assert hashlib.sha256(content).hexdigest() == sealed.sha256


@pytest.mark.parametrize("layout", ["", "columns", "sequence"])
def test_a_text_in_two_languages_is_printed_in_the_layout_that_is_asked_for(cast, layout):
    agreement = stage.drafted_agreement(cast)
    actions.set_languages(agreement, actor=cast.actor(cast.mika), languages=["fr"])

    response = cast.client(cast.mika).get(address("pdf", agreement, f"?layout={layout}"))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages]

    # Side by side, both languages begin on one page.
    assert any("Français" in page and "This Agreement is made" in page for page in pages[1:]) is (layout != "sequence")


def test_an_earlier_revision_has_the_one_language_that_it_was_written_in(cast):
    agreement = edited(cast)
    actions.set_languages(agreement, actor=cast.actor(cast.mika), languages=["fr"])
    again = Agreement.objects.get(pk=agreement.pk)

    assert document_at(again, revision=1)["languages"] == ["en"]
    assert document_at(again, revision=again.revision)["languages"] == ["en", "fr"]
    assert canonical_bytes(document_at(again, revision=1))


def test_a_word_file_tracks_what_changed_since_a_version(cast):
    agreement = edited(cast)

    response = cast.client(cast.mika).get(address("docx", agreement, "?version=r2&from=r1"))
    marks = Document(io.BytesIO(response.content)).element.xpath("//w:ins")

    assert any("raven" in "".join(mark.itertext()) for mark in marks)
    assert {mark.get(qn("w:author")) for mark in marks} == {"JAXA"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("version", ["r99", "v1", "v999999999"])
def test_an_unknown_version_is_not_found(cast, name, version):
    agreement = stage.drafted_agreement(cast)
    file_format = "json" if name == "text" else name

    assert cast.client(cast.mika).get(address(name, agreement, f"?version={version}")).status_code == 404
    answer = cast.client(cast.mika).get(
        f"/api/v1/agreements/{agreement.ref}/export/?format={file_format}&version={version}"
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("pdf", "version=latest"),
        ("pdf", "layout=spiral"),
        ("docx", "from=%00"),
        ("docx", "layout=spiral"),
        ("markdown", "layout=columns"),
        ("text", "layout=spiral"),
        ("docx", "version=r00"),
        ("markdown", "version=%ED%A0%80"),
        ("text", "version=" + "9" * 500),
    ],
)
def test_a_bad_parameter_is_refused_in_words(cast, name, query):
    agreement = stage.drafted_agreement(cast)
    file_format = "json" if name == "text" else name

    page = cast.client(cast.mika).get(address(name, agreement, f"?{query}"))
    answer = cast.client(cast.mika).get(f"/api/v1/agreements/{agreement.ref}/export/?format={file_format}&{query}")

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {query.partition("=")[0]}


@pytest.mark.parametrize("query", ["", "?format=exe", "?format=pdf&from=r1", "?format=docx&layout=columns"])
def test_the_api_says_what_it_cannot_export(cast, query):
    agreement = stage.drafted_agreement(cast)

    assert cast.client(cast.mika).get(f"/api/v1/agreements/{agreement.ref}/export/{query}").status_code == 400


@pytest.mark.parametrize("file_format", ["pdf", "docx", "markdown", "json"])
def test_page_and_api_give_the_same_file(cast, file_format):
    agreement = stage.drafted_agreement(cast)
    name = "text" if file_format == "json" else file_format

    page = cast.client(cast.mika).get(address(name, agreement, "?version=r1"))
    answer = cast.client(cast.mika).get(f"/api/v1/agreements/{agreement.ref}/export/?format={file_format}&version=r1")

    assert page["Content-Disposition"] == answer["Content-Disposition"]
    assert page["Content-Type"] == answer["Content-Type"]
    if file_format != "docx":  # a Word file is an archive that holds when it was packed
        assert page.content == answer.content


def test_the_api_lists_versions(cast):
    agreement = stage.frozen_agreement(cast)

    listed = cast.client(cast.lucien).get(f"/api/v1/agreements/{agreement.ref}/revisions/").json()

    assert [row["key"] for row in listed["texts"]] == ["v1"]
    assert listed["texts"][0]["sha256"] == agreement.text.sha256
    assert listed["revisions"][-1]["agency"] == "JAXA"


def test_reading_versions_writes_nothing(cast):
    agreement = stage.frozen_agreement(cast)
    before = Event.objects.count()

    for name in ("versions", "compare", *FILES):
        cast.client(cast.lucien).get(address(name, agreement))

    assert Event.objects.count() == before


def test_the_number_of_queries_does_not_grow_with_the_revisions(cast):
    agreement = edited(cast)
    client = cast.client(cast.mika)
    client.get(address("versions", agreement))

    with CaptureQueriesContext(connection) as few:
        client.get(address("versions", agreement))
    for number in range(6):
        actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text=f"Notices go by {number} ravens.")
    with CaptureQueriesContext(connection) as many:
        client.get(address("versions", agreement))

    assert len(many) == len(few)


def test_hostile_words_leave_every_file_whole(cast):
    agreement = stage.drafted_agreement(cast)
    trick = '#panic("no") <script>alert(1)</script> **b** pay \u202e001 \x07 \ufffe'
    actions.word_clause(agreement, "notices", actor=cast.actor(cast.mika), text=trick)
    client = cast.client(cast.mika)

    files = {name: client.get(address(name, agreement)).content for name in FILES}

    assert "[U+202E]001 [U+0007] [U+FFFE]" in "".join(p.text for p in Document(io.BytesIO(files["docx"])).paragraphs)
    assert b"\\<script\\>alert(1)" in files["markdown"]
    assert "[U+202E]" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages)
    assert words_of(json.loads(files["text"]), "notices") == trick
