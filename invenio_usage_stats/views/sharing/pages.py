# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Pages for passing a view on: its links and snippets, its share links, and what these show."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import g, redirect, render_template, request
from invenio_i18n import gettext as _
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from ...errors import ShareError, UnknownScopeError
from ...proxies import current_usage_stats
from ...services import shares
from ...services.scopes import Scope, anonymous, resolve_scope
from ..layouts.layout import Appearance
from ..model.address import KEYS
from ..model.viewmodel import view_model
from ..paths import scope_name
from .alone import bare
from .embed import NOT_KEPT
from .forms import FIXED, RevokeForm, ShareForm, longest
from .passing import Passing, pairs_of

Answer = Response | tuple[str, int] | tuple[str, int, dict[str, str]]


def share(pid_value: str | None = None) -> Answer:
    """Show how to pass a view on; make and revoke its share links for whoever may."""
    scope = resolve_scope(g.identity, scope_name(pid_value))
    manages = shares.may_manage(g.identity, scope)
    if request.method == "POST" and not manages:
        raise UnknownScopeError(scope.path)
    view = _present(scope)
    if view["error"]:
        return _wrong(view["error"]), 400
    form = ShareForm() if manages else None
    if request.method == "POST":
        problem = _revoke() if "revoke" in request.form else _create(scope, view, form)
        if problem is None:
            return redirect(f"{request.full_path.rstrip('?')}#share-links", 303)
        return _page(scope, view, form, problem), 400
    return _page(scope, view, form), 200


def shared(token: str, pid_value: str | None = None) -> Answer:
    """Show the view of a share link to whoever has it, as everybody may read it."""
    try:
        link, scope = shares.opened_view(token, scope_name(pid_value))
    except ShareError:
        return _wrong(_("This link is not valid, or not any more.")), 403
    args, appearance = MultiDict(link.parameters), Appearance.of(scope.kind)
    view = view_model(current_usage_stats.service, scope, appearance, args, anonymous())
    if view["error"]:
        return _wrong(view["error"]), 400
    page = render_template("invenio_usage_stats/shared.html", usage_stats=bare(view), scope=scope)
    return page, 200, NOT_KEPT


def _present(scope: Scope) -> dict[str, Any]:
    """Return the view model of what is passed on."""
    args = MultiDict(pair for pair in request.args.items(multi=True) if pair[0] in KEYS)
    return view_model(current_usage_stats.service, scope, Appearance.of(scope.kind), args)


def _create(scope: Scope, view: dict[str, Any], form: ShareForm) -> str | None:
    """Make the link that a form asks for; return what is wrong with the form."""
    if not form.validate_on_submit():
        return _first(form.errors)
    link = view["share"]["fixed" if form.period.data == FIXED else "href"]
    parameters = pairs_of(link)
    lifetime = timedelta(days=form.days.data)
    shares.create(g.identity, scope.path, shares.VIEW, parameters, lifetime)
    return None


def _revoke() -> str | None:
    """Revoke the link that a form names; return what is wrong with the form."""
    form = RevokeForm()
    if not form.validate_on_submit():
        return _first(form.errors)
    try:
        id_ = UUID(form.revoke.data)
    except ValueError as error:
        raise UnknownScopeError(form.revoke.data) from error
    shares.revoke(g.identity, id_)
    return None


def _first(errors: dict[str, list[str]]) -> str:
    """Return the first of the errors of a form."""
    return next(str(texts[0]) for texts in errors.values() if texts)


def _page(
    scope: Scope, view: dict[str, Any], form: ShareForm | None, problem: str | None = None
) -> str:
    """Return the page; without a form for who may not make links."""
    passing = Passing(scope, view["share"])
    links = [passing.listed(one) for one in _valid(scope)] if form else []
    return render_template(
        "invenio_usage_stats/share.html",
        usage_stats=view,
        passing=passing,
        form=form,
        revoke=RevokeForm() if form else None,
        shares=links,
        longest=longest(),
        problem=problem,
    )


def _valid(scope: Scope) -> list[shares.Share]:
    """Return the valid share links of views of a scope."""
    found = shares.shares_of(g.identity, scope.path)
    return [one for one in found if one.question == shares.VIEW]


def _wrong(sentence: str) -> str:
    """Return a page that says why there is nothing to see."""
    return render_template("invenio_usage_stats/wrong.html", sentence=sentence)
