# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a reader takes away to pass a view on: links and code, each as text to be copied."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import request
from invenio_i18n import gettext as _

from ...services import shares
from ...services.models import Share
from ...services.query import DEFAULT_PERIOD
from ...services.scopes import Scope
from ..model.format import Formatter, reader_locale
from ..panels.period import PERIODS
from ..paths import dashboard_url, whole
from .embed import SHARE
from .embed_code import EmbedCode


class Passing:
    """Know the texts for the present view of a scope."""

    def __init__(self, scope: Scope, share: dict[str, Any]) -> None:
        self.share, self.public = share, scope.public
        self.url = dashboard_url("share")
        self.embed = EmbedCode(scope, self.url, request.args)
        self.text = Formatter(reader_locale())

    @property
    def links(self) -> list[dict[str, str]]:
        """Return the links of the view, with what they are."""
        found = {
            _("This view: its period goes on with time"): self.share["href"],
            _("This view: always these days"): self.share["fixed"],
            _("Report of a year"): self.share["report"],
            _("The numbers of the chart as JSON"): self.share["api"],
            _("The numbers of the chart as CSV"): self.share["csv"],
            _("The numbers of the chart as XLSX"): self.share["xlsx"],
        }
        return [{"label": k, "url": whole(self.url, link)} for k, link in found.items() if link]

    @property
    def back(self) -> str | None:
        """Return the address of the view."""
        return whole(self.url, self.share["href"])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the view."""
        return pairs_of(self.share["href"])

    @property
    def snippets(self) -> list[dict[str, str]]:
        """Return programs that ask for the view's numbers."""
        return self.share["snippets"]

    @property
    def code(self) -> str | None:
        """Return the code of a frame; none for what not everybody may read."""
        return self.embed.code(self.pairs) if self.public else None

    def listed(self, share: Share) -> dict[str, Any]:
        """Return a share link with its texts."""
        token = shares.token(share)
        return {
            "id": str(share.id),
            "url": f"{self.url}/shared/{token}",
            "code": self.embed.code([(SHARE, token)]),
            "period": self._period(dict(share.parameters)),
            "created": self.text.day(share.created.date()),
            "expires": self.text.day(share.expires.date()),
        }

    def _period(self, parameters: dict[str, str]) -> str:
        """Return which days a share link shows."""
        days = [parameters[name] for name in ("since", "until") if name in parameters]
        if days:
            return " – ".join(self.text.day(date.fromisoformat(day)) for day in days)
        name = parameters.get("period", DEFAULT_PERIOD)
        return str(PERIODS.get(name, name))


def pairs_of(link: str) -> list[tuple[str, str]]:
    """Return the parameters of a link."""
    return parse_qsl(urlsplit(link).query)
