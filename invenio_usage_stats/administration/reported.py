# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The view of what programs report: how much came, which programs are registered, and sites."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, abort, current_app, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from invenio_administration.views.base import AdminView
from invenio_i18n import lazy_gettext as _

from ..errors import UsageStatsError
from ..exchange.matomo import consumers, counts, sites
from ..exchange.matomo.hits import REASONS
from ..exchange.matomo.switching import is_on
from ..operations.doctor import SERVERS
from ..reader.periods import today
from ..views.model.format import Formatter, reader_locale
from .forms import ConsumerForm, EmptyForm, KnownConsumerForm, SiteForm
from .views import for_managers

DAYS = 30
"""Of so many days the page tells what came."""


class ReportedUseView(AdminView):
    """Show what programs have reported, and take orders about programs and sites."""

    name = "usage-stats-reported"
    url = "/usage-stats-reported"
    category = "System"
    title = _("Reported use")
    menu_label = _("Reported use")
    icon = "exchange"
    template = "invenio_usage_stats/administration/reported.html"
    decorators = [for_managers, *AdminView.decorators]

    @staticmethod
    def disabled() -> bool:
        """Tell whether nothing can be reported."""
        return not current_app.config["USAGE_STATS_MATOMO"]

    def dispatch_request(self, **kwargs: Any) -> ResponseReturnValue:
        """Answer a request, while anything can be reported."""
        if not is_on():
            abort(404)
        return super().dispatch_request(**kwargs)

    def get(self) -> ResponseReturnValue:
        """Show the page."""
        return self._page()

    def post(self) -> ResponseReturnValue:
        """Take an order, and show the page again; a new token is shown at once, and never again."""
        act = ORDERS.get(request.form.get("action", ""))
        if act is None:
            abort(400)
        kind, order, done = act
        form = kind()
        if not form.validate():
            return self._page(form, problem=form.errors.get("csrf_token")), 400
        try:
            token = order(form)
        except UsageStatsError as error:
            return self._page(form, problem=[str(error)]), 400
        if token:
            return _unkept(self._page(token=token))
        flash(done, category="success")
        return redirect(request.path, code=303)

    def _page(
        self, form: FlaskForm | None = None, problem: list[str] | None = None, token: str = ""
    ) -> str:
        """Return the page."""
        free = {"csrf": False}
        return self.render(
            title=self.title,
            state=_state(),
            consumer=form if isinstance(form, ConsumerForm) else ConsumerForm(None, meta=free),
            site=form if isinstance(form, SiteForm) else SiteForm(None, meta=free),
            asked=form is not None,
            problem=problem,
            token=token,
            order=EmptyForm(),
        )


def _state() -> dict[str, Any]:
    """Return what came, and what is registered; ``problem`` where that cannot be told."""
    text = Formatter(reader_locale())
    try:
        rows = counts.between(today() - timedelta(days=DAYS - 1), today())
        total = counts.total(rows)
        return {
            "days": [_day(text, row) for row in rows],
            "reasons": [(REASONS[name], text.full(n, "")) for name, n in total["rejected"].items()],
            "consumers": consumers.registered().values(),
            "sites": sites.sites(),
        }
    except (UsageStatsError, *SERVERS) as error:
        return {"problem": f"{type(error).__name__}: {error}"}


def _day(text: Formatter, row: dict[str, Any]) -> dict[str, str]:
    """Return the numbers of a day as texts."""
    numbers = {name: row[name] for name in (counts.RECEIVED, counts.STORED)}
    numbers["rejected"] = sum(row["rejected"].values())
    return {"day": text.day(row["day"]), **{name: text.full(n, "") for name, n in numbers.items()}}


def _unkept(page: str) -> Response:
    """Return a page of which nothing may be kept."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _register(form: ConsumerForm) -> None:
    """Register a program, or change it."""
    consumers.register(form.consumer)


def _remove(form: KnownConsumerForm) -> None:
    """Forget a program."""
    consumers.remove(form.consumer.data)


def _new_token(form: KnownConsumerForm) -> str:
    """Return a new token of a program."""
    return consumers.new_token(form.consumer.data)


def _add_site(form: SiteForm) -> None:
    """Make a community a site."""
    sites.number(form.community_id)


ORDERS: dict[str, tuple[type[FlaskForm], Callable[[Any], str | None], Any]] = {
    "register": (ConsumerForm, _register, _("The program is registered.")),
    "remove": (KnownConsumerForm, _remove, _("The program is not registered any more.")),
    "token": (KnownConsumerForm, _new_token, ""),
    "site": (SiteForm, _add_site, _("The community is a site.")),
}
"""What can be ordered: the form, what is done, and what is said then."""
