# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""One panel for pages of other sites: no frame of our site, no scripts, nothing but public numbers.

Whoever looks at it is nobody: what is not public takes a share link.
"""

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, render_template, request
from invenio_i18n import gettext as _
from werkzeug.datastructures import MultiDict

from ...errors import InvalidQueryError, ShareError, UnknownScopeError
from ...proxies import current_usage_stats
from ...services.schemas import TRUTH
from ...services.scopes import Scope, anonymous, resolve_scope
from ...services.shares import opened_view
from ..layouts.layout import Appearance
from ..model.address import OWN as OF_PAGES
from ..model.address import known
from ..model.viewmodel import view_model
from ..paths import dashboard_url, scope_name
from .alone import CHART, PANEL, bare, only
from .framing import ANCESTORS, ENABLED, sites

THEMES = ("light", "dark", "auto")
SHARE, THEME, SOURCE, TAB = "share", "theme", "source", "tab"
OWN = (PANEL, SHARE, SOURCE, THEME, "ln")
"""Parameters that do not belong to the view; ``ln`` is InvenioRDM's own, for the language."""

NOT_KEPT = {"Cache-Control": "no-store"}
"""Headers of what a share link shows: nothing of it stays anywhere once it is revoked."""


@dataclass(frozen=True)
class Wish:
    """Be what an embed's address asks for beside a view."""

    panel: str
    theme: str
    source: bool
    """Whether a line below the panel says where it comes from."""

    @classmethod
    def read(cls, args: MultiDict) -> "Wish":
        """Return the wish of a request's parameters; raise ``InvalidQueryError``."""
        theme = known(args.get(THEME), THEMES, THEME) or THEMES[0]
        source = known(args.get(SOURCE), TRUTH, SOURCE) == TRUTH[0]
        return cls(args.get(PANEL) or CHART, theme, source)


def embed(pid_value: str | None = None) -> tuple[str, int, dict[str, str]]:
    """Show one panel of a dashboard."""
    if not current_app.config[ENABLED]:
        abort(404)
    # Flask-Talisman writes the whole policy over this one, where it is in use.
    headers = {"Content-Security-Policy": f"{ANCESTORS} {' '.join(sites())}"}
    if SHARE in request.args:
        headers |= NOT_KEPT
    return *_answer(scope_name(pid_value)), headers


def _answer(name: str) -> tuple[str, int]:
    """Return the page of a panel, or why there is none."""
    try:
        return _shown(name)
    except InvalidQueryError as error:
        return _refused(str(error)), 400
    except (UnknownScopeError, ShareError):
        return _refused(_("These statistics are not available.")), 403


def _shown(name: str) -> tuple[str, int]:
    """Return the page of a panel."""
    wish, (scope, args) = Wish.read(request.args), _asked(name)
    view = single(scope, wish.panel, args)
    if view["error"]:
        return _refused(view["error"]), 400
    if not view["rows"]:
        raise UnknownScopeError(name)
    own = {"query": f"?{request.query_string.decode()}"}
    panel, page = view["rows"][0]["panels"][0], dashboard_url("embed") if wish.source else None
    return _drawn(usage_stats=view | own, panel=panel, theme=wish.theme, page=page), 200


def _asked(name: str) -> tuple[Scope, MultiDict]:
    """Return the scope that a panel is about, and the parameters of its view."""
    args = request.args
    rest = [pair for pair in args.items(multi=True) if pair[0] not in OWN]
    if SHARE not in args:
        return resolve_scope(anonymous(), name), MultiDict(rest)
    if rest:
        allowed = ", ".join(OWN)
        raise InvalidQueryError(rest[0][0], f"is not one of {allowed}: the link says the rest.")
    share, scope = opened_view(args[SHARE], name)
    return scope, MultiDict(share.parameters)


def single(scope: Scope, panel: str, args: MultiDict) -> dict[str, Any]:
    """Return the view model of one panel for everybody, which leads to no other view.

    Raises ``InvalidQueryError`` when the dashboard has no such panel.
    """
    service = current_usage_stats.service
    appearance = only(Appearance.of(scope.kind), service.catalog, panel, args.get(TAB))
    own = MultiDict(pair for pair in args.items(multi=True) if pair[0] not in OF_PAGES)
    return bare(view_model(service, scope, appearance, own, anonymous()))


def _refused(sentence: str) -> str:
    """Return a page that says why there is no panel."""
    return _drawn(sentence=sentence, theme=THEMES[0])


def _drawn(**values: Any) -> str:
    """Return a page of the embeds' own."""
    return render_template("invenio_usage_stats/embed.html", **values)
