# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Numbers, days and labels in the reader's language."""

from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from babel.units import format_unit
from invenio_i18n import get_locale
from invenio_i18n import gettext as _

from ...catalog import Dimension
from ...catalog.labels import label_text, translated
from ...reader.periods import Period

BYTES = "bytes"
COMPACT_FROM = 10_000
"""Smaller numbers are shown in full."""

BYTE_UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte")
MINUS = "\N{MINUS SIGN}"


def reader_locale() -> Locale:
    """Return the locale of the request."""
    return get_locale() or Locale("en")


class Formatter:
    """Write values for one locale."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def full(self, value: int, unit: str) -> str:
        """Return a number with all its digits."""
        if unit == BYTES:
            return format_unit(value, "digital-byte", "long", locale=self.locale)
        return format_decimal(value, locale=self.locale)

    def readable(self, value: int, unit: str) -> str:
        """Return a number for a table or a sentence: in full, sizes in their largest unit."""
        return self._bytes(value) if unit == BYTES else self.full(value, unit)

    def short(self, value: int, unit: str) -> str:
        """Return a number in few characters."""
        if unit == BYTES:
            return self._bytes(value)
        if abs(value) < COMPACT_FROM:
            return self.full(value, unit)
        text = format_compact_decimal(value, fraction_digits=1, locale=self.locale)
        # some languages have no short form for thousands
        return text if any(map(str.isalpha, text)) else self.full(value, unit)

    def _bytes(self, value: int) -> str:
        """Return a size in its largest fitting decimal unit."""
        size, step = float(value), 0
        while abs(size) >= 999.95 and step < len(BYTE_UNITS) - 1:
            size, step = size / 1000, step + 1
        # the short form of bytes knows no plural
        unit, length = f"digital-{BYTE_UNITS[step]}", "short" if step else "long"
        return format_unit(size, unit, length, "#,##0.#", locale=self.locale)

    def share(self, part: int, whole: int) -> tuple[float, str]:
        """Return a part of a whole in per cent, as a number and as text."""
        ratio = part / whole if whole else 0.0
        return round(100 * ratio, 2), self.percent(ratio)

    def percent(self, ratio: float) -> str:
        """Return a part of a whole as text."""
        pattern = "#,##0%" if ratio >= 0.0995 or not ratio else "#,##0.0%"
        return format_percent(ratio, pattern, locale=self.locale)

    def signed(self, value: int, amount: str) -> str:
        """Return an amount with the sign of a change."""
        sign = "+" if value > 0 else MINUS if value < 0 else "±"
        return f"{sign}{amount}"

    def day(self, day: date) -> str:
        """Return a day."""
        return format_date(day, "medium", locale=self.locale)

    def days(self, period: Period) -> str:
        """Return the days of a period."""
        return " – ".join(dict.fromkeys(map(self.day, period.bounds)))

    def moment(self, moment: datetime) -> str:
        """Return a UTC day and time."""
        text = format_datetime(moment, "medium", locale=self.locale)
        return _("%(moment)s UTC", moment=text)

    def interval(self, day: date, interval: str) -> str:
        """Return the name of the interval that starts on a day."""
        if interval == "week":
            return _("week from %(day)s", day=self.day(day))
        if interval == "quarter":
            return format_date(day, "QQQ y", locale=self.locale)
        skeleton = {"month": "yMMM", "year": "y"}.get(interval)
        return self._skeleton(day, skeleton) if skeleton else self.day(day)

    def tick(self, day: date, interval: str) -> str:
        """Return a day in few characters, for an axis."""
        return self._skeleton(day, {"day": "MMMd", "year": "y"}.get(interval, "yMMM"))

    def _skeleton(self, day: date, skeleton: str) -> str:
        """Return the parts of a day that a CLDR skeleton names."""
        moment = datetime.combine(day, datetime.min.time())
        return format_skeleton(skeleton, moment, locale=self.locale)

    def label(self, dimension: Dimension, key: str, label: Any) -> str:
        """Return the label of a value of a dimension."""
        return label_text(dimension, key, label, self.locale)

    def translated(self, label: Any) -> str:
        """Return a label, which may be a text or its translations by language."""
        return translated(label, self.locale)
