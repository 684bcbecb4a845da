# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How answers are sent: data at once, files piece by piece."""

from itertools import chain

from flask import Response, stream_with_context
from flask_resources import ResponseHandler
from flask_resources.context import resource_requestctx

from .answer import Answer


class DataHandler(ResponseHandler):
    """Send an answer at once."""

    def make_headers(self, obj_or_list: Answer, code: int, many: bool = False) -> dict[str, str]:
        """Return the headers of an answer."""
        return {"Content-Type": resource_requestctx.accept_mimetype, **obj_or_list.headers}


class FileHandler(DataHandler):
    """Send an answer as a file, while it is being made."""

    def make_headers(self, obj_or_list: Answer, code: int, many: bool = False) -> dict[str, str]:
        """Return the headers, with a name for the file."""
        name = obj_or_list.filename(self.serializer.extension)
        return {
            **super().make_headers(obj_or_list, code, many),
            "Content-Type": self.serializer.content_type,
            "Content-Disposition": f'attachment; filename="{name}"',
        }

    def make_response(
        self, obj_or_list: Answer | Response, code: int, many: bool = False
    ) -> Response:
        """Return a response whose first piece is made already, so that errors have a status.

        Whatever happens later breaks the connection off, so that the end of the file is missing
        (see ``pieces`` of CSV), and the server writes it to its log.
        """
        if isinstance(obj_or_list, Response):
            return obj_or_list
        pieces = self.serializer.serialize_object(obj_or_list)
        first = next(pieces, b"")
        body = stream_with_context(chain([first], pieces))
        return Response(body, code, self.make_headers(obj_or_list, code, many))
