"""Entry into force: who sees where a rule stands, sets it, and records acts."""

from tests.authorization.rows import Row, jaxa, parties

ROWS = [
    Row("agreements:force", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:force", "declined agreement", GET=parties("200 200 200")),
    Row("agreements:force", "open agreement", GET=parties("200 200 200")),
    Row("agreements:force", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:set-entry-rule", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:set-entry-rule", "declined agreement", POST=parties("409 409 403")),
    Row("agreements:set-entry-rule", "open agreement", POST=parties("409 409 403")),
    Row("agreements:set-entry-rule", "drafted agreement", POST=jaxa("422 403")),
    Row("agreements:record-act", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:record-act", "open agreement", POST=parties("409 409 403")),
    Row("agreements:record-act", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-force", "signing agreement", GET=parties("200 200 200")),
    Row("api:agreement-force", "open agreement", GET=parties("200 200 200")),
    Row("api:agreement-force", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-set-entry-rule", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-set-entry-rule", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-set-entry-rule", "drafted agreement", POST=jaxa("400 403")),
    Row("api:agreement-record-act", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-record-act", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-record-act", "drafted agreement", POST=jaxa("409 403")),
]
