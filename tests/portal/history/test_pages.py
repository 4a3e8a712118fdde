"""The ledger's two doors: hashes for anyone, events for those they are addressed to, and no 500 for any input."""

import json
from base64 import b64decode
from hashlib import sha256

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from rest_framework.test import APIRequestFactory

from portal.history import api, merkle, notes, verbs, views
from portal.history.models import Event, Leaf
from portal.history.sealer import seal
from portal.history.timelines import timeline
from portal.kit.actors import Actor

pytestmark = pytest.mark.django_db
BAD_NUMBERS = ["-1", "abc", "", "1.5", "9" * 20, "9" * 5000, "1\x00", "９", "0x1", " 1", "null", "[]"]


@pytest.fixture
def sealed(happen):
    happen(21)
    return seal()


def page(view, actor=None, **kwargs):
    request = RequestFactory().get("/ledger/")
    request.actor = actor or Actor.anonymous()
    return view(request, **kwargs)


def call(viewset, name, actor=None, path="/", **kwargs):
    request = APIRequestFactory().get(path, kwargs.pop("query", None))
    request.actor = actor or Actor.anonymous()
    if actor:
        request._force_auth_user = type("Person", (), {"is_authenticated": True, "pk": 1})()
    response = viewset.as_view({"get": name}, throttle_classes=[])(request, **kwargs)
    response.render()
    return response.status_code, json.loads(response.content or "null")


def test_the_ledger_shows_anyone_its_newest_checkpoint(client, sealed):
    response = client.get("/ledger/")

    assert response.status_code == 200
    assert sealed.note in response.content.decode()
    assert "concord.example/ledger+" in response.content.decode()


def test_an_empty_ledger_says_so(client):
    assert "Nothing has been sealed yet" in client.get("/ledger/").content.decode()
    assert client.get("/ledger/checkpoint").status_code == 404


def test_the_checkpoint_can_be_kept(client, sealed):
    response = client.get("/ledger/checkpoint")

    assert notes.parse(response.content.decode()) == notes.parse(sealed.note)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_a_stranger_sees_the_hashes_of_an_entry_and_nothing_of_the_event(client, sealed):
    body = client.get("/ledger/7/").content.decode()

    assert Leaf.objects.get(index=7).hex[:8] in body
    for secret in ("T-2026-0001", "JAXA", "touched", "testing", str(Leaf.objects.get(index=7).event.uid)):
        assert secret not in body


def test_an_entry_shows_its_event_to_the_agencies_it_is_addressed_to(sealed, esa, isro, monkeypatch):
    monkeypatch.setattr(views, "layout_for", lambda actor: "portal/entrance.html")
    monkeypatch.setattr(
        "portal.history.timelines._names_of", lambda: lambda uids: dict.fromkeys(uids, "Ingrid Polarsen")
    )
    monkeypatch.setattr(views, "render", lambda request, template, context: context)

    seen, unseen = page(views.entry, esa, index=7), page(views.entry, isro, index=7)

    assert [event.sentence for event in seen["events"]] == ["Ingrid Polarsen for JAXA touched T-2026-0001"]
    assert sha256(b"\0" + seen["canonical"].encode()).hexdigest() == Leaf.objects.get(index=7).hex
    assert (unseen["events"], unseen["canonical"]) == ([], "")


@pytest.mark.parametrize(
    "path", ["21/", "9223372036854775808/", "9" * 30 + "/", "9" * 5000 + "/", "-1/", "x/", "1.0/", "%00/"]
)
def test_a_page_of_no_entry_is_not_found(client, sealed, path):
    assert client.get(f"/ledger/{path}").status_code == 404


def test_an_entry_page_costs_the_same_whatever_the_size(sealed, esa, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(views, "render", lambda request, template, context: context)
    monkeypatch.setattr("portal.history.timelines._names_of", lambda: lambda uids: {})

    with django_assert_max_num_queries(4):
        page(views.entry, esa, index=7)


def test_every_entry_has_a_proof_that_verifies(sealed):
    for index in range(21):
        status, proof = call(api.Ledger, "proof", query={"index": index})
        checkpoint = notes.parse(proof["checkpoint"]["note"])

        path = [bytes.fromhex(element) for element in proof["proof"]]
        assert status == 200
        assert merkle.verify_inclusion(bytes.fromhex(proof["leaf"]), index, checkpoint.size, path, checkpoint.root)
        assert call(api.Ledger, "proof", query={"leaf": proof["leaf"]}) == (200, proof)


def test_every_pair_of_sizes_has_a_consistency_proof_that_verifies(sealed):
    roots = {}
    for first in range(22):
        for second in range(first, 22):
            status, proof = call(api.Ledger, "consistency", query={"first": first, "second": second})
            ends = [bytes.fromhex(proof[name]) for name in ("first_root", "second_root")]
            assert status == 200
            assert merkle.verify_consistency(
                first, second, *ends, [bytes.fromhex(element) for element in proof["proof"]]
            )
            assert roots.setdefault(first, ends[0]) == ends[0]
            assert roots.setdefault(second, ends[1]) == ends[1]


def test_the_checkpoint_is_served_as_json(sealed):
    status, body = call(api.Ledger, "checkpoint")

    assert status == 200
    assert body["size"] == 21
    assert b64decode(body["note"].split("\n")[2]).hex() == body["root"]


def test_an_empty_ledger_proves_nothing():
    assert call(api.Ledger, "checkpoint")[0] == 404
    assert call(api.Ledger, "proof", query={"index": 0})[0] == 404
    assert call(api.Ledger, "consistency", query={"first": 0, "second": 1})[0] == 404
    assert call(api.Ledger, "consistency", query={"first": 0, "second": 0})[0] == 200


@pytest.mark.parametrize("bad", BAD_NUMBERS)
def test_bad_numbers_are_refused_beside_their_field(sealed, bad):
    for name, query in (
        ("proof", {"index": bad}),
        ("consistency", {"first": bad, "second": 5}),
        ("consistency", {"first": 0, "second": bad}),
    ):
        status, body = call(api.Ledger, name, query=query)
        assert status == 400
        assert set(body["errors"]) <= {"index", "first", "second"}


@pytest.mark.parametrize("bad", ["", "zz", "a" * 63, "a" * 65, "a" * 63 + "\x00", "Ａ" * 64])
def test_bad_hashes_are_refused(sealed, bad):
    assert call(api.Ledger, "proof", query={"leaf": bad})[0] == 400


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("proof", {}, 400),
        ("proof", {"index": 1, "leaf": "a" * 64}, 400),
        ("proof", {"index": 21}, 404),
        ("proof", {"index": 2**63 - 1}, 404),
        ("proof", {"leaf": "a" * 64}, 404),
        ("consistency", {}, 400),
        ("consistency", {"first": 5, "second": 4}, 400),
        ("consistency", {"first": 5, "second": 22}, 404),
        ("consistency", {"first": 0, "second": 2**63 - 1}, 404),
    ],
)
def test_what_has_no_proof_is_refused(sealed, name, query, status):
    assert call(api.Ledger, name, query=query)[0] == status


def test_events_are_listed_newest_first_to_those_they_are_addressed_to(sealed, esa, isro):
    status, body = call(api.Events, "list", esa, query={"size": 5})

    assert status == 200
    assert [row["entry"] for row in body["results"]] == [20, 19, 18, 17, 16]
    assert sha256(b"\0" + body["results"][0]["canonical"].encode()).hexdigest() == Leaf.objects.get(index=20).hex
    assert call(api.Events, "list", isro)[1]["results"] == []


def test_listing_events_costs_one_query(sealed, esa, django_assert_num_queries):
    with django_assert_num_queries(1):
        call(api.Events, "list", esa)


def test_events_of_one_scope(sealed, happen, esa):
    happen(2, ref="A-2026-0001", scope="P-2026-0001")

    _, body = call(api.Events, "list", esa, query={"scope": "P-2026-0001"})

    assert [(row["target_ref"], row["entry"]) for row in body["results"]] == [("A-2026-0001", None)] * 2
    for bad in ("", "a\x00", "x" * 65, "é"):
        assert call(api.Events, "list", esa, query={"scope": bad})[0] == 400


def test_one_event_is_found_by_uid_and_a_stranger_gets_404(sealed, esa, isro):
    uid = str(Event.objects.first().uid)

    assert call(api.Events, "retrieve", esa, uid=uid)[1]["uid"] == uid
    assert call(api.Events, "retrieve", isro, uid=uid)[0] == 404
    assert call(api.Events, "retrieve", esa, uid="00000000-0000-0000-0000-000000000000")[0] == 404


def test_bad_cursors_are_refused(sealed, esa):
    for cursor in ("x", "cD0t", "cD0xJTAw", "é", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"):
        assert call(api.Events, "list", esa, query={"cursor": cursor})[0] in (200, 400, 404)


def test_a_timeline_costs_one_query_and_one_look_up_of_names(sealed, esa, monkeypatch, django_assert_num_queries):
    asked = []
    monkeypatch.setattr(
        "portal.history.timelines._names_of",
        lambda: lambda uids: asked.append(uids) or dict.fromkeys(uids, "Ingrid Polarsen"),
    )

    with django_assert_num_queries(1):
        events = timeline(Event.objects.visible_to(esa).newest_first()[:10])
        shown = [(event.sentence, event.icon, event.ledger_index) for event in events]

    assert shown[0] == ("Ingrid Polarsen for JAXA touched T-2026-0001", "flag", 20)
    assert len(asked) == 1
    assert len(asked[0]) == 1


def test_a_timeline_of_a_list_fetches_the_entries_at_once(sealed, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("portal.history.timelines._names_of", lambda: lambda uids: {})
    events = list(Event.objects.all())

    with django_assert_num_queries(1):
        assert [event.ledger_index for event in timeline(events)] == list(range(21))
        assert events[0].sentence == "A person for JAXA touched T-2026-0001"


def test_the_timeline_links_each_event_to_its_proof(sealed, happen, esa, monkeypatch):
    monkeypatch.setattr("portal.history.timelines._names_of", lambda: lambda uids: dict.fromkeys(uids, "<b>Ingrid</b>"))
    happen(1)

    html = render_to_string("history/_timeline.html", {"events": timeline(Event.objects.newest_first()[:2])})

    assert "not yet sealed" in html
    assert 'href="/ledger/20/"' in html
    assert "&lt;b&gt;Ingrid&lt;/b&gt;" in html
    assert "<b>" not in html


def test_a_whole_sentence_names_its_person_itself(happen):
    verbs.register("testing.signed", "%(person)s signed version %(number)s for %(agency)s%(missing)s")
    event = happen(1)[0]
    event.verb, event.person_name = "testing.signed", "Ingrid Polarsen"

    assert event.sentence == "Ingrid Polarsen signed version 0 for JAXA…"


def test_an_event_whose_app_has_gone_is_still_shown(happen):
    event = happen(1)[0]
    event.verb = "old.happened"

    assert event.sentence.endswith("old.happened T-2026-0001")
