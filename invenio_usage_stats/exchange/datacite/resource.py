# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The resource: events and DOIs as DataCite has them, and all usage of a record."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, request
from flask_resources import (
    Resource,
    ResponseHandler,
    resource_requestctx,
    response_handler,
    route,
)
from invenio_base import invenio_url_for
from invenio_rdm_records.proxies import current_rdm_records_service
from werkzeug.exceptions import NotFound

from ...errors import InvalidQueryError
from ...resources.caching import NOT_MODIFIED, cache_headers, etag, known, not_modified
from ...resources.formats import with_format
from ...services.scopes import resolve_scope
from ...services.service import UsageStatsService
from ...services.texts import is_storable
from .block import usage_block
from .config import DataCiteResourceConfig
from .dialects import Told, event_item
from .dois import by_publication_year, doi_item
from .facets import facets
from .filters import doi_of, read_asked, read_parameters
from .finding import find_events, find_works
from .naming import source
from .paging import PARAMETERS, Page, cut, read_place
from .records import public_works, works_of
from .usage import use_of

Answered = tuple[Told | Response, int]


class DataCiteResource(Resource):
    """Answer as DataCite does, of what everybody may see; of a record to whoever may read it."""

    decorators = [with_format]

    def __init__(self, config: DataCiteResourceConfig, service: UsageStatsService) -> None:
        super().__init__(config)
        self.service = service

    def create_url_rules(self) -> list[dict[str, Any]]:
        """Return the routes."""
        routes = self.config.routes
        views = {"events": self.events, "dois": self.dois, "doi": self.doi, "usage": self.usage}
        return [route("GET", routes[name], view) for name, view in views.items()]

    @response_handler()
    def events(self) -> Answered:
        """List events."""
        asked = read_asked(request.args)
        found = find_events(asked)
        page = cut(found, asked.place, asked.key, descending=asked.descending)
        data = {
            "data": [event_item(event) for event in page.entries],
            "meta": {**page.meta, **facets(found, source().title)},
            "links": _links(page),
        }
        return self._told(data, resource_requestctx.response_handler)

    @response_handler()
    def dois(self) -> Answered:
        """List works with their use."""
        given = read_parameters(request.args, ("query", *PARAMETERS, "format"))
        found = find_works(given.get("query", ""))
        page = cut(found, read_place(given), lambda work: [work.doi])
        used = use_of(public_works([work.recid for work in page.entries]).values())
        data = {
            "data": [doi_item(*one) for one in sorted(used.items(), key=lambda one: one[0].doi)],
            "meta": {**page.meta, **by_publication_year(found)},
            "links": _links(page),
        }
        return self._told(data, self.config.dois_handler)

    @response_handler()
    def doi(self) -> Answered:
        """Show a work, or all its versions as one, with its use."""
        doi = doi_of((request.view_args or {})["doi"])
        if not is_storable(doi):
            raise InvalidQueryError("doi", "has characters that are none.")
        work = works_of([doi]).get(doi)
        if work is None:
            raise NotFound("There is no such DOI.")
        data = {"data": doi_item(work, use_of([work])[work])}
        return self._told(data, self.config.dois_handler)

    @response_handler()
    def usage(self) -> Answered:
        """Show all usage of a record."""
        recid = (request.view_args or {})["recid"]
        scope = resolve_scope(g.identity, f"records/{recid}")
        item = current_rdm_records_service.read(g.identity, scope.id)
        block = usage_block(scope.id, item.data["parent"]["id"])
        return self._told(block, self.config.usage_handler, public=scope.public)

    def _told(
        self, data: dict[str, Any], handler: ResponseHandler, *, public: bool = True
    ) -> Answered:
        """Answer in the form of a handler, unless the reader has the answer already."""
        resource_requestctx.response_handler = handler
        tag = etag(self.service.catalog, data, resource_requestctx.accept_mimetype)
        headers = cache_headers(tag, public)
        if known(headers):
            return not_modified(headers), NOT_MODIFIED
        return Told(data, headers), 200


def _links(page: Page[Any]) -> dict[str, str]:
    """Return the addresses of a page and of the next one."""
    here = invenio_url_for(request.endpoint)
    query = request.query_string.decode(errors="replace")
    links = {"self": f"{here}?{query}" if query else here}
    if page.following:
        links["next"] = f"{here}?{_query({**request.args.to_dict(), **page.following})}"
    return links


def _query(parameters: Mapping[str, str]) -> str:
    """Return parameters by name, as they stand in an address."""
    return urlencode(sorted(parameters.items()))
