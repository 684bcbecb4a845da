# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""All set-up commands of a new instance in one process, which saves the imports of each.

Celery tasks run here, so that no worker is needed yet. Configuration comes from the instance
folder, as for the commands.
"""

import os
import shlex
import sys
import time
import traceback

os.environ["INVENIO_CELERY_TASK_ALWAYS_EAGER"] = "True"
os.environ["INVENIO_CELERY_TASK_EAGER_PROPAGATES"] = "True"

STEPS = """
db init create
files location create --default default-location {data}
roles create admin
access allow superuser-access role admin
index init
rdm-records custom-fields init
communities custom-fields init
queues declare
rdm-records fixtures
rdm fixtures
rdm pages create --force
users activate admin@inveniosoftware.org
usage-stats setup
"""


def main():
    """Run the steps; stop at the first that fails."""
    begin = time.time()
    from invenio_app.cli import cli
    from invenio_app.factory import create_app

    app = create_app()
    runner = app.test_cli_runner()
    data = os.path.join(app.instance_path, "data")
    for line in STEPS.format(data=shlex.quote(data)).strip().splitlines():
        start = time.time()
        result = runner.invoke(cli, shlex.split(line))
        print(f"{time.time() - start:6.1f} s  invenio {line}", flush=True)
        if result.exit_code:
            print(result.output[-3000:])
            if result.exc_info:
                traceback.print_exception(*result.exc_info)
            sys.exit(f"'invenio {line}' failed")
    print(f"{time.time() - begin:6.1f} s  in all")


if __name__ == "__main__":
    main()
