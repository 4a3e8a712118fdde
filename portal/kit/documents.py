"""The JSON that the API reads: only what can be stored and said again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class DocumentParser(JSONParser):
    """JSON without halves of characters and without depth that nobody means; anything else is a 400 problem."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            parsed = super().parse(stream, media_type, parser_context)
            # SECURITY: half of a surrogate pair is no character: neither the database nor an answer could hold it.
            json.dumps(parsed, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError(_("The document is nested too deeply.")) from None
        except UnicodeEncodeError:
            raise ParseError(_("The document holds a character that is none.")) from None
        return parsed
