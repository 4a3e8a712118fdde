"""Versions of a text, comparing two, and taking one along: read by whoever reads the agreement, never written."""

from __future__ import annotations

from tests.authorization.rows import Row, jaxa, parties

AGREEMENTS = ("signing agreement", "declined agreement", "open agreement")
PAGES = ("versions", "compare", "docx", "markdown")
DOORS = ("revisions", "compare")
# Every text has a first revision; that of a text that was shared later is its drafter's own.
FILES = ("docx", "markdown", "pdf", "text")

# fmt: off
ROWS: list[Row] = [
    *(Row(f"agreements:{name}", of, GET=parties("200 200 200")) for name in PAGES for of in AGREEMENTS),
    *(Row(f"agreements:{name}", "drafted agreement", GET=jaxa("200 200")) for name in PAGES),
    # What the drafter wrote before it shared the text is its own.
    *(Row(f"agreements:{name}", "open agreement", query="version=r1", GET=parties("404 200 200")) for name in FILES),
    *(Row(f"agreements:{name}", "drafted agreement", query="version=r1", GET=jaxa("200 200")) for name in FILES),
    *(Row(f"agreements:{name}", "signing agreement", query="version=v1", GET=parties("200 200 200")) for name in FILES),
    *(Row(f"agreements:{name}", "open agreement", query="version=v1", GET=parties("404 404 404")) for name in FILES),
    *(Row(f"agreements:{name}", "open agreement", query="version=last", GET=parties("422 422 422")) for name in FILES),
    Row("agreements:docx", "open agreement", query="from=r1", GET=parties("404 200 200")),
    Row("agreements:compare", "open agreement", query="from=r1", GET=parties("404 200 200")),
    Row("agreements:compare", "open agreement", query="from=last", GET=parties("422 422 422")),
    # Two agreements are compared by whoever reads both.
    Row("agreements:compare", "open agreement", query="with={signing agreement}", GET=parties("200 200 200")),
    # The page says at the field that there is none to be seen, in the same words as for one that does not exist.
    Row("agreements:compare", "open agreement", query="with={drafted agreement}", GET=parties("422 200 200")),
    *(Row(f"api:agreement-{name}", of, GET=parties("200 200 200")) for name in DOORS for of in AGREEMENTS),
    *(Row(f"api:agreement-{name}", "drafted agreement", GET=jaxa("200 200")) for name in DOORS),
    Row("api:agreement-compare", "open agreement", query="from=r1", GET=parties("404 200 200")),
    Row("api:agreement-compare", "open agreement", query="from=last", GET=parties("400 400 400")),
    Row("api:agreement-compare", "open agreement", query="with={drafted agreement}", GET=parties("404 200 200")),
    Row("api:agreement-export", "open agreement", GET=parties("400 400 400")),
    Row("api:agreement-export", "open agreement", query="format=docx", GET=parties("200 200 200")),
    Row("api:agreement-export", "open agreement", query="format=pdf&version=r1", GET=parties("404 200 200")),
    Row("api:agreement-export", "signing agreement", query="format=json&version=v1", GET=parties("200 200 200")),
    Row("api:agreement-export", "drafted agreement", query="format=markdown", GET=jaxa("200 200")),
    # There is nothing to prove before the first signature; a version is named v1.
    Row("agreements:bundle", "half-signed agreement", GET=parties("200 200 200")),
    Row("agreements:bundle", "signing agreement", GET=parties("409 409 409")),
    Row("agreements:bundle", "open agreement", GET=parties("409 409 409")),
    Row("agreements:bundle", "half-signed agreement", query="version=r1", GET=parties("422 422 422")),
    Row("agreements:bundle", "drafted agreement", GET=jaxa("409 409")),
    Row("api:agreement-bundle", "half-signed agreement", GET=parties("200 200 200")),
    Row("api:agreement-bundle", "signing agreement", GET=parties("409 409 409")),
    Row("api:agreement-bundle", "drafted agreement", GET=jaxa("409 409")),
]
# fmt: on
