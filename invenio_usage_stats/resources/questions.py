# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A question as it is asked by HTTP."""

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from ..catalog import Catalog
from ..services.query import Query
from .formats import PARAMETER
from .links import Pairs, without

SECRET = "token"
"""The parameter of secret links, which the repository has read when it got to know the reader."""


@dataclass(frozen=True)
class Question:
    """Be what is asked, and with which parameters."""

    name: str
    """``totals``, ``series``, ``top``, ``snapshot``, ``schema`` or ``explain``."""

    address: str
    """Where it is asked, without parameters."""

    pairs: Pairs
    """The parameters as they were given, those of HTTP included; a name may stand several times."""

    fixed: Pairs = ()
    """Parameters that belong to the address, unless they are given, too."""

    def query(self, catalog: Catalog, *, whole: bool) -> Query:
        """Return the parameters as typed values; raises ``InvalidQueryError``.

        ``whole``: everything is wanted, unless a number of rows is, and as much as there is of it.
        """
        given = without(self.pairs, PARAMETER, SECRET)
        pairs = [*without(self.fixed, *(name for name, _ in given)), *given]
        query = Query.read(MultiDict(pairs), catalog)
        if not whole:
            return replace(query, extent="page")
        sized = any(name == "size" and value for name, value in pairs)
        stream = replace(query, extent="stream", counted=False)
        return stream if sized else replace(stream, size=None, page=1)
