# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The metrics and access methods of the Code of Practice for Research Data, in one table.

An investigation is any use of a dataset or of what is told about it; a request is a retrieval of
its data. Every request is an investigation as well (CoP RD 1.0.1, section 3).
"""

from typing import NamedTuple

REGULAR, MACHINE = "regular", "machine"
ACCESS_METHODS = (REGULAR, MACHINE)
"""People in front of a program, and programs on their own (CoP RD 1.0.1, section 10.6)."""


class Metric(NamedTuple):
    """Be a metric: whether sessions or uses are counted, and whether of requests only."""

    id: str
    unique: bool
    requests: bool

    @property
    def title(self) -> str:
        """Return its name in tabular reports, such as ``Total_Dataset_Requests``."""
        return "_".join(map(str.capitalize, self.id.split("-")))


class Counted(NamedTuple):
    """Be what one number counts: a metric by one access method."""

    metric: Metric
    access: str

    @property
    def id(self) -> str:
        """Return its id, such as ``total-dataset-requests-machine``."""
        return f"{self.metric.id}-{self.access}"

    @property
    def field(self) -> str:
        """Return its field in documents."""
        return self.id.replace("-", "_")


METRICS = (
    Metric("total-dataset-investigations", unique=False, requests=False),
    Metric("unique-dataset-investigations", unique=True, requests=False),
    Metric("total-dataset-requests", unique=False, requests=True),
    Metric("unique-dataset-requests", unique=True, requests=True),
)
COUNTED = tuple(Counted(metric, access) for access in ACCESS_METHODS for metric in METRICS)
"""All numbers of a dataset and month, in the order in which they are shown."""
IDS = tuple(counted.id for counted in COUNTED)

VIEWS = "unique-dataset-investigations-regular"
"""What DataCite shows as views."""
DOWNLOADS = "unique-dataset-requests-regular"
"""What DataCite shows as downloads."""
