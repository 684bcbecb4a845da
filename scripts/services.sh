#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# services.sh start|stop|status|reset demo|tests: PostgreSQL, Redis, RabbitMQ and OpenSearch on private ports of this folder.
# Containers where a Docker engine answers (UST_NO_DOCKER=1: never), else processes of this machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
action=${1:-status}
export UST_PROFILE=${2:-demo}
. "$here/env.sh"
cd "$UST_SOURCE"

use_docker() { [ -z "${UST_NO_DOCKER:-}" ] && have docker && timeout 10 docker info >/dev/null 2>&1; }

# What was started one way is also stopped that way.
case $(cat "$STACK/engine" 2>/dev/null || true) in
  docker) engine=docker ;;
  native) engine=native ;;
  *) if use_docker; then engine=docker; else engine=native; fi ;;
esac
. "$here/services/$engine.sh"

case $action in
  start)
    if [ -z "${UST_LOCKED:-}" ]; then
      UST_LOCKED=1 exec flock -o "$UST_VAR/$UST_PROFILE.lock" "$here/services.sh" "$@"
    fi
    unset UST_LOCKED
    echo $engine > "$STACK/engine"
    services_start
    ;;
  stop) services_stop ;;
  reset) # also the data
    services_stop
    if [ $engine = docker ]; then services_reset; fi
    rm -rf "$STACK"
    ;;
  status) services_status ;;
  *) die "'$action' is not known" "services.sh start|stop|status|reset demo|tests" ;;
esac
