#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# The demo: from nothing to a running repository with two years of data and filled dashboards.
# ./run-demo.sh [start|stop|reset|status|compare]      compare holds our day totals against the repository's; reset also deletes the demo's data; ports and folders: scripts/env.sh
set -euo pipefail
action=${1:-start}
export UST_PROFILE=demo
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/scripts/env.sh"
. "$UST_SOURCE/scripts/python.sh"
. "$UST_SOURCE/scripts/app.sh"
. "$UST_SOURCE/scripts/instance/configure.sh"
. "$UST_SOURCE/scripts/instance/assets.sh"
cd "$UST_SOURCE"
DONE=$STACK/done
URL=http://127.0.0.1:$UST_WEB_PORT

services() { "$UST_SOURCE/scripts/services.sh" "$1" demo; }

# once NAME TEXT COMMAND...: one step of the set-up, left out when it was done before.
once() {
  local name=$1 text=$2 start=$SECONDS
  shift 2
  if [ -e "$STACK/lane-failed" ]; then die "the front end could not be built" "the reason stands above"; fi
  if [ -e "$DONE/$name" ]; then return 0; fi
  say "$text"
  mkdir -p "$DONE"
  touch "$DONE/$name.begun"
  (cd "$INVENIO_INSTANCE_PATH" && PYTHONPATH=$UST_SOURCE/scripts exec "$@") > "$LOGS/$name.log" 2>&1 < /dev/null ||
    die "'$text' failed" "the log is $LOGS/$name.log; ./run-demo.sh starts again" "$LOGS/$name.log"
  sed -n 's/^ *\([0-9.]* s\)  /          \1  /p' "$LOGS/$name.log"
  mv "$DONE/$name.begun" "$DONE/$name"
  say "done in $((SECONDS - start)) s"
}

# What was broken off half-way and cannot be repeated on the same data.
start_over_if_broken() {
  local name
  for name in setup content; do
    if [ -e "$DONE/$name.begun" ]; then
      say "an earlier start was broken off ('$name'): starting over with new data"
      app_stop
      services reset
      mkdir -p "$STACK" "$PIDS" "$LOGS"
      return 0
    fi
  done
}

# The repository's own statistics of each record (invenio-stats), for two years, behind everything else.
record_aggregation() {
  if [ -e "$DONE/record-aggregation" ] || alive record-aggregation "$STACK"; then return 0; fi
  nohup bash -c '
    cd "$1" || exit 1
    invenio stats aggregations process record-view-agg file-download-agg -b -e && touch "$2"
  ' record-aggregation "$INVENIO_INSTANCE_PATH" "$DONE/record-aggregation" > "$LOGS/record-aggregation.log" 2>&1 < /dev/null &
  echo $! > "$PIDS/record-aggregation"
}

record_aggregation_status() {
  if [ -e "$DONE/record-aggregation" ]; then
    echo "The repository's own statistics of each record are complete."
  elif alive record-aggregation "$STACK"; then
    echo "The repository's own statistics of each record are still being made, behind everything else; see ./run-demo.sh status."
  else
    echo "The repository's own statistics of each record are not complete; ./run-demo.sh makes them."
  fi
}

show_urls() {
  cat <<TEXT

The demo runs at
  $URL/                                   the repository
  $URL/stats                              statistics of the whole repository
  $URL/communities/marine-biology/stats   statistics of a community
  $URL/administration                     administration
Sign in as admin@inveniosoftware.org (or ana.lopes@demo.org, an owner of communities) with the password $(cat "$STACK/admin-password")
$(record_aggregation_status)
./run-demo.sh stop ends it, ./run-demo.sh reset also deletes its data. Logs: $LOGS
TEXT
}

# A second lane beside this one; its end is awaited with join.
LANES=()
trap 'for lane in "${LANES[@]}"; do end_tree "$lane"; done' EXIT
trap 'exit 130' INT TERM
join() { wait "$1" || { echo "the reason stands above" >&2; exit 1; }; }

start() {
  local assets servers module
  if ! free web "127.0.0.1:$UST_WEB_PORT" "$UST_WEB_PORT" UST_WEB_PORT && services status > /dev/null; then
    show_urls
    return 0
  fi
  start_over_if_broken
  services start & servers=$!; LANES+=("$servers")
  python_ready
  configure_instance
  rm -f "$STACK/lane-failed"
  { (assets_ready) || { touch "$STACK/lane-failed"; exit 1; }; } & assets=$!; LANES+=("$assets")
  join "$servers"
  export UST_PASSWORD
  UST_PASSWORD=$(cat "$STACK/admin-password")
  module=$(find invenio_usage_stats -type f \( -name '*.py' -o -name '*.json' \) -print0 | LC_ALL=C sort -z | xargs -0 cat | digest)
  if [ -e "$DONE/setup" ] && [ "$(cat "$DONE/module" 2>/dev/null)" != "$module" ]; then
    say "the module has changed: invenio usage-stats setup"
    (cd "$INVENIO_INSTANCE_PATH" && invenio usage-stats setup) > "$LOGS/usage-stats-setup.log" 2>&1 < /dev/null ||
      die "'invenio usage-stats setup' failed" "" "$LOGS/usage-stats-setup.log"
  fi
  once setup "setting up the database, indices and vocabularies" python "$UST_SOURCE/scripts/instance/setup.py"
  echo "$module" > "$DONE/module"
  once content "making communities and records through the services (the longest step)" \
    python -m demo.content --out "$STACK/made.json"
  once backdate "setting them back over two years" python -m demo.backdate --made "$STACK/made.json"
  once events "writing two years of usage" python -m demo.events --made "$STACK/made.json"
  once aggregate "aggregating: invenio usage-stats aggregate" invenio usage-stats aggregate
  join "$assets"
  LANES=()
  assets_install
  worker_start
  web_start
  web_ready
  worker_ready
  record_aggregation
  show_urls
}

status() {
  local state=0
  services status || state=1
  shows web "127.0.0.1:$UST_WEB_PORT" "$UST_WEB_PORT" || state=1
  if alive worker "$STACK/beat"; then echo "worker       running, process $(cat "$PIDS/worker")"; else echo "worker       stopped"; state=1; fi
  record_aggregation_status
  if [ $state = 0 ]; then show_urls; fi
  return $state
}

case $action in
  start) start ;;
  stop) app_stop; services stop ;;
  reset) app_stop; services reset; say "the demo's data is deleted" ;;
  status) status ;;
  compare) python_ready; cd "$INVENIO_INSTANCE_PATH"; PYTHONPATH=$UST_SOURCE/scripts python -m demo.compare 2> "$LOGS/compare.log" ;;
  *) die "'$action' is not known" "./run-demo.sh [start|stop|reset|status|compare]" ;;
esac
