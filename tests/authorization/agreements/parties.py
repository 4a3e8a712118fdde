"""The parties of a text: who reads as what each is bound, and who says it."""

from tests.authorization.rows import Row, jaxa, parties

ROWS = [
    Row("agreements:parties", "signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:parties", "declined agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:parties", "open agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:parties", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("api:agreement-set-bound-as", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-set-bound-as", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-set-bound-as", "drafted agreement", POST=jaxa("400 403")),
]
