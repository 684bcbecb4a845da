# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The view of the administration panel: how everything is, and buttons for what takes long."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from invenio_administration.views.base import AdminView
from invenio_i18n import gettext
from invenio_i18n import lazy_gettext as _
from kombu.exceptions import OperationalError

from .. import tasks
from ..operations import backfill
from ..services.permissions import allows
from .forms import EmptyForm, JobForm, RebuildForm
from .state import State


def for_managers(view: Callable) -> Callable:
    """Refuse whom our policy does not let manage, even where the panel lets them in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not allows(g.identity, "manage"):
            abort(403)
        return view(*args, **kwargs)

    return guarded


class UsageStatsView(AdminView):
    """Show status, failures, runs and jobs, and take orders for jobs."""

    name = "usage-stats"
    url = "/usage-stats"
    category = "System"
    title = _("Usage statistics")
    menu_label = _("Usage statistics")
    icon = "chart bar"
    template = "invenio_usage_stats/administration/overview.html"
    decorators = [for_managers, *AdminView.decorators]

    def get(self) -> ResponseReturnValue:
        """Show the page; with days of a rebuild, what that would cost."""
        asked = bool(request.args.get("since"))
        form = RebuildForm(request.args, meta={"csrf": False})
        return self._page(form, checked=asked and form.validate(), asked=asked)

    def post(self) -> ResponseReturnValue:
        """Take an order, and show the page again: reloading it then sends nothing."""
        act = ORDERS.get(request.form.get("action", ""))
        if act is None:
            abort(400)
        kind, order, done = act
        form = kind()
        if not form.validate():
            rebuild = form if kind is RebuildForm else RebuildForm(meta={"csrf": False})
            return self._page(rebuild, problem=form.errors.get("csrf_token")), 400
        try:
            order(form)
        except OperationalError as error:
            problem = gettext("The task could not be sent: %(error)s", error=error)
            return self._page(RebuildForm(meta={"csrf": False}), problem=[problem]), 503
        flash(done, category="success")
        return redirect(request.path, code=303)

    def _page(
        self,
        form: RebuildForm,
        checked: bool = False,
        asked: bool = False,
        problem: list[str] | None = None,
    ) -> str:
        """Return the page."""
        state = State(g.identity)
        return self.render(
            title=self.title,
            state=state.overview(),
            findings=state.findings() if "doctor" in request.args else None,
            form=form,
            asked=asked or request.method == "POST",
            estimate=state.estimated(form.job) if checked else None,
            problem=problem,
            order=EmptyForm(),
        )


def _rebuild(form: RebuildForm) -> None:
    """Begin a rebuild."""
    tasks.rebuild.delay(**form.wanted)


def _backfill(_form: EmptyForm) -> None:
    """Begin a backfill."""
    tasks.begin_backfill.delay()


def _go_on(form: JobForm) -> None:
    """Send what is left of a job to the workers again."""
    tasks.go_on.delay(form.job.data)


def _cancel(form: JobForm) -> None:
    """Forget what is left of a job."""
    backfill.cancel(form.job.data)


ORDERS: dict[str, tuple[type, Callable[[Any], None], Any]] = {
    "rebuild": (RebuildForm, _rebuild, _("The rebuild begins as soon as a worker is free.")),
    "backfill": (EmptyForm, _backfill, _("The backfill begins as soon as a worker is free.")),
    "go-on": (JobForm, _go_on, _("What is left was sent to the workers.")),
    "cancel": (
        JobForm,
        _cancel,
        _("What was left of it will not be done, except months of records of a backfill."),
    ),
}
"""What can be ordered: the form, what is done, and what is said then."""
