# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The forms of the administration pages; their tokens prove that our page sent them."""

from flask_wtf import FlaskForm
from invenio_i18n import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from ..errors import ConsumerError, InvalidQueryError, UnknownScopeError
from ..exchange.matomo.consumers import Consumer, checked
from ..operations.plan import Job, asked_job
from ..operations.scopes import community_id


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


class ConsumerForm(FlaskForm):
    """Take what is known of a program that reports."""

    id = StringField(_("Id, as it calls itself"), [InputRequired()])
    title = StringField(_("Name"))
    homepage = StringField(_("Homepage"))
    user_agents = TextAreaField(_("Expressions for its user agents, one in each line"))

    consumer: Consumer | None = None
    """What is to be registered, once it was checked."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Tell whether a program can be registered so."""
        if not super().validate(extra_validators):
            return False
        texts = {name: self[name].data or "" for name in ("title", "homepage", "user_agents")}
        lines = texts.pop("user_agents").splitlines()
        try:
            self.consumer = checked(self["id"].data, **texts, user_agents=lines)
        except ConsumerError as error:
            self[error.entry].errors = [str(error)]
        return self.consumer is not None


class KnownConsumerForm(FlaskForm):
    """Take the id of a program that is registered."""

    consumer = StringField(validators=[InputRequired()])


class SiteForm(FlaskForm):
    """Take a community that is to be a site."""

    community = StringField(_("Community (id or slug)"), [InputRequired()])

    community_id = ""
    """The community's UUID, once it was checked."""

    def validate(self, extra_validators: dict | None = None) -> bool:
        """Tell whether there is such a community."""
        if not super().validate(extra_validators):
            return False
        try:
            self.community_id = community_id(self.community.data)
        except UnknownScopeError:
            self.community.errors = [_("There is no such community.")]
        return bool(self.community_id)
