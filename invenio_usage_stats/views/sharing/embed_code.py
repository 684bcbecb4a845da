# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Code for other pages: a frame that shows a panel."""

from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from invenio_i18n import gettext as _
from werkzeug.datastructures import MultiDict

from ...proxies import current_usage_stats
from ...services.schemas import TRUTH
from ...services.scopes import Scope
from ..layouts.layout import Appearance, Component
from ..model.format import Formatter, reader_locale
from .alone import CHART, PANEL, components
from .embed import SOURCE, TAB, THEME, THEMES
from .framing import ENABLED

Pairs = list[tuple[str, str]]
HEIGHTS = {"card": 180, CHART: 560, "map": 560}
"""Heights of frames in pixels, by the kind of the panel."""
HEIGHT = 520
FRAME = (
    '<iframe src="{src}" title="{title}" width="100%" height="{height}" loading="lazy"></iframe>'
)


class EmbedCode:
    """Know which panels a dashboard has, and the code that shows the chosen one."""

    def __init__(self, scope: Scope, url: str, args: MultiDict) -> None:
        self.scope, self.url = scope, url
        self.enabled = bool(current_app.config[ENABLED])
        self.theme = args.get(THEME) if args.get(THEME) in THEMES else THEMES[0]
        self.source = args.get(SOURCE) == TRUTH[0]
        self._wanted, self._tab = (args.get(PANEL), CHART), args.get(TAB)

    @cached_property
    def _components(self) -> list[Component]:
        """Return the components of the dashboard."""
        appearance = Appearance.of(self.scope.kind)
        return list(components(appearance, current_usage_stats.service.catalog, self._tab))

    @cached_property
    def _panel(self) -> Component | None:
        """Return the chosen panel, else the chart, else the first."""
        for wanted in self._wanted:
            for component in self._components:
                if wanted in (component.name, component.kind):
                    return component
        return next(iter(self._components), None)

    @property
    def panels(self) -> list[dict[str, Any]]:
        """Return the panels that can be chosen."""
        return [
            {"value": one.name, "label": self._label(one), "current": one is self._panel}
            for one in self._components
        ]

    @property
    def themes(self) -> list[dict[str, Any]]:
        """Return the themes that can be chosen."""
        labels = (_("Light"), _("Dark"), _("As the reader's device"))
        return [
            {"value": value, "label": label, "current": value == self.theme}
            for value, label in zip(THEMES, labels, strict=True)
        ]

    def code(self, pairs: Pairs) -> str | None:
        """Return the code of a frame of the chosen panel, for a view's parameters."""
        if not self.enabled or self._panel is None:
            return None
        own = [(PANEL, self._panel.name), *pairs]
        own += [(THEME, self.theme)] if self.theme != THEMES[0] else []
        own += [(SOURCE, TRUTH[0])] if self.source else []
        title = " – ".join(filter(None, (self._label(self._panel), self.scope.title)))
        return FRAME.format(
            src=escape(f"{self.url}/embed?{urlencode(own)}"),
            title=escape(title),
            height=HEIGHTS.get(self._panel.kind, HEIGHT),
        )

    def _label(self, component: Component) -> str:
        """Return what a panel is called."""
        given = component.props.get("title") or getattr(component.entry, "label", None)
        return Formatter(reader_locale()).translated(given) if given else _("Chart")
