# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A worker that stores events, and dies at a request, a commit or an acknowledgement."""

from kombu.message import Message

from invenio_usage_stats.exchange.counter import consumer

from ....kill.worker import DONE, Fuse, main

BATCH = 40
"""So small that a run has several batches."""


def store(fuse: Fuse) -> str:
    """Store the events that wait."""
    acknowledge = Message.ack

    def ack(self: Message, *arguments, **options) -> None:
        fuse.burn()
        acknowledge(self, *arguments, **options)
        fuse.burn()

    Message.ack = ack
    consumer.BATCH = BATCH
    consumer.process()
    return DONE


if __name__ == "__main__":
    main(store)
