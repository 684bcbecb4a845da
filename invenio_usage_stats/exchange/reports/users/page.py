# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The page of a user's settings that says what is counted by user, and where they decide on it."""

from collections.abc import Callable
from typing import Any

from flask import current_app, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

from . import store
from .switching import refuse_when_off

ROUTE = "/account/settings/usage-statistics"
ENDPOINT = "user_settings"
TEMPLATE = "invenio_usage_stats/user_stats_settings.html"
DECISIONS: dict[str, Callable[[int], Any]] = {
    "erase": store.erase,
    "refuse": store.refuse,
    "agree": store.agree,
}
"""What a user can decide."""
SHOWN = 50
"""How many rows the page shows of what is stored; the file has all."""


class DecisionForm(FlaskForm):
    """Take a decision from a button; its token proves that our page sent it."""

    decision = StringField(validators=[AnyOf(DECISIONS)])


def add_routes(state: BlueprintSetupState) -> None:
    """Add the page among the other settings."""
    state.add_url_rule(ROUTE, ENDPOINT, user_settings, methods=["GET", "POST"])


@login_required
def user_settings() -> ResponseReturnValue:
    """Say what is stored of the reader, and take their decision about it."""
    refuse_when_off()
    form = DecisionForm()
    if form.validate_on_submit():
        DECISIONS[form.decision.data](current_user.id)
        # reloading the page then sends nothing
        return redirect(request.path, code=303)
    return _page(form), 400 if form.is_submitted() else 200


def _page(form: DecisionForm) -> str:
    """Return the page."""
    kept = current_app.config["USAGE_STATS_PER_USER_RETENTION"]
    return render_template(
        TEMPLATE,
        form=form,
        days=kept and kept.days,
        refused=store.has_refused(current_user.id),
        rows=list(store.stored_of(current_user.id, SHOWN)),
        most=SHOWN,
    )
