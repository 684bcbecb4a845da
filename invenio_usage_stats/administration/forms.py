# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The forms of the administration page; their tokens prove that our page sent them."""

from flask_wtf import FlaskForm
from invenio_i18n import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired

from ..errors import InvalidQueryError, UnknownScopeError
from ..operations.plan import Job, asked_job


class RebuildForm(FlaskForm):
    """Take the days and the scope of a rebuild."""

    since = StringField(_("First day"), [InputRequired()])
    until = StringField(_("Last day"))
    scope = StringField(_("Community (id or slug) or global"))

    job: Job | None = None
    """What is asked for, once it was checked."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Tell whether the days exist, and the scope is known."""
        if not super().validate(extra_validators):
            return False
        try:
            self.job = asked_job(*self.wanted.values())
        except InvalidQueryError as error:
            self[error.parameter].errors = [error.reason]
        except UnknownScopeError:
            self.scope.errors = [_("There is no such community.")]
        return self.job is not None

    @property
    def wanted(self) -> dict[str, str | None]:
        """Return what the task takes."""
        names = ("since", "until", "scope")
        return {name: (self[name].data or "").strip() or None for name in names}


class JobForm(FlaskForm):
    """Take the name of a job that was begun."""

    job = StringField(validators=[InputRequired()])


class EmptyForm(FlaskForm):
    """Take nothing but the token."""
