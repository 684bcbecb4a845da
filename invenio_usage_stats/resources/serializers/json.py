# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""JSON."""

from flask_resources.serializers import JSONSerializer

from .answer import Answer


class AnswerSerializer(JSONSerializer):
    """Write a result with its links."""

    def serialize_object(self, obj: Answer) -> str:
        """Return the text of an answer."""
        return super().serialize_object(obj.to_dict())
