# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What a reader must know beside the numbers."""

from invenio_i18n import lazy_gettext as _

NOTES = {
    "beginning": _("The earlier period lies before the first day recorded, at least in part."),
    "inexact": _("Some numbers do not follow exactly from what is stored, and are left out."),
    "visitors": _("Visitors cannot be counted for combinations of properties."),
    "visits": _(
        "Visits to pages of communities are known of communities and of the repository as a whole, "
        "and not of records or of what filters choose."
    ),
    "reports": _(
        "Reported downloads are known of records, communities and the repository as a whole, and "
        "by software, but not of what other filters choose."
    ),
    "software": _("By software only reported downloads are known."),
    "estimated": _("Before the ledger began, memberships and properties are those of its begin."),
    "incomplete": _("The last days of the period are not counted completely yet."),
    "withheld": _("Small numbers are withheld, and numbers that would reveal them."),
    "paged": _("These points are a page; others have the rest, and files have everything."),
    "uncounted": _("There are too many rows to count those that you may see."),
    "sums": _("A record can have several values, so shares may add up to more than the whole."),
}
"""Sentences for people, by the code for programs."""
OF_EVENTS = _("%(dimension)s belong to events: records cannot be counted by them.")
