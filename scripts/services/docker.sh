# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# The four servers as containers, on the same ports. Sourced by services.sh.

compose() {
  UST_PG_PORT=$UST_PG_PORT UST_REDIS_PORT=$UST_REDIS_PORT UST_AMQP_PORT=$UST_AMQP_PORT UST_OS_PORT=$UST_OS_PORT \
    UST_OS_HEAP=$UST_OS_HEAP UST_ID=$UST_ID docker compose -f "$here/compose.yaml" -p "$UST_ID" "$@"
}

services_start() {
  local running port setting
  docker compose version >/dev/null 2>&1 || die "docker has no 'compose' command" "install the compose plugin, or set UST_NO_DOCKER=1"
  have curl || apt_install curl
  running=$(compose ps -q 2>/dev/null | wc -l)
  if [ "$running" = 0 ]; then
    for setting in UST_PG_PORT UST_REDIS_PORT UST_AMQP_PORT UST_OS_PORT; do
      port=${!setting}
      if port_open "$port"; then die "port $port is in use$(owner_of "$port")" "choose another one with $setting=<port>"; fi
    done
  fi
  say "starting containers"
  compose up -d --wait --wait-timeout 300 > "$LOGS/compose.log" 2>&1 < /dev/null ||
    die "the containers did not start" "docker compose -p $UST_ID logs; or UST_NO_DOCKER=1 for servers without containers" "$LOGS/compose.log"
  curl -fs "http://127.0.0.1:$UST_OS_PORT" | grep -qF "\"$UST_ID\"" ||
    die "port $UST_OS_PORT answers with the cluster of somebody else" "choose another port with UST_OS_PORT=<port>"
  if [ "$UST_PROFILE" = tests ]; then
    local lane
    for lane in gw1 gw2; do
      compose exec -T rabbitmq rabbitmqctl -q add_vhost "$lane"
      compose exec -T rabbitmq rabbitmqctl -q set_permissions -p "$lane" guest '.*' '.*' '.*'
    done
  fi
  say "the containers answer"
}

services_stop() { compose stop > "$LOGS/compose.log" 2>&1 < /dev/null || true; say "containers stopped"; }
services_reset() { compose down -v > "$LOGS/compose.log" 2>&1 < /dev/null || true; }
services_status() { compose ps; [ "$(compose ps -q --status running | wc -l)" = 4 ]; }
