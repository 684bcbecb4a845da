# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Forms of share links, guarded against requests from other sites."""

from flask import current_app
from flask_wtf import FlaskForm
from invenio_i18n import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

DAYS = 30
RELATIVE, FIXED = "relative", "fixed"


class ShareForm(FlaskForm):
    """Ask for how long a link is to be valid, and whether its days go on."""

    days = IntegerField(_("Valid for so many days"), [InputRequired()], default=DAYS)
    period = RadioField(
        _("Days shown"),
        choices=[(RELATIVE, _("They go on with time")), (FIXED, _("Always the same"))],
        default=RELATIVE,
    )

    def validate_days(self, field: IntegerField) -> None:
        """Refuse what is longer than links may be valid."""
        NumberRange(1, longest())(self, field)


class RevokeForm(FlaskForm):
    """Name the link to be revoked."""

    revoke = HiddenField(validators=[InputRequired()])


def longest() -> int:
    """Return for how many days a link may be valid at most."""
    return current_app.config["USAGE_STATS_SHARE_LIFETIME"].days
