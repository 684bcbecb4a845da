#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# All checks of the project, against real servers, with one summary at the end.
# ./run-tests.sh [--long]               everything; --long adds what takes hours
# ./run-tests.sh ARGUMENTS OF PYTEST    only pytest, with these arguments
set -euo pipefail
export UST_PROFILE=tests
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/scripts/env.sh"
. "$UST_SOURCE/scripts/python.sh"
. "$UST_SOURCE/scripts/instance/configure.sh"
. "$UST_SOURCE/scripts/instance/assets.sh"
cd "$UST_SOURCE"

arguments=() everything=yes
for argument in "$@"; do
  arguments+=("$argument")
  if [ "$argument" != --long ]; then everything=""; fi
done
database=usage_stats_tests_$$
names=() results=() times=() assets=""

# part NAME COMMAND...: one line of the summary; what fails does not keep the others from running.
part() {
  local name=$1 start=$SECONDS result=passed
  shift
  echo
  say "$name"
  if [ "$1" = built ]; then built || result=FAILED; else ("$@") < /dev/null || result=FAILED; fi
  names+=("$name") results+=("$result") times+=($((SECONDS - start)))
  say "$name: $result ($((SECONDS - start)) s)"
}

summary() {
  local n failed=0
  printf '\n%-34s %-8s %8s\n' "part" "result" "seconds"
  for n in "${!names[@]}"; do
    printf '%-34s %-8s %8d\n' "${names[$n]}" "${results[$n]}" "${times[$n]}"
    if [ "${results[$n]}" != passed ]; then failed=1; fi
  done
  printf '%-34s %-8s %8d\n' "all" "$([ $failed = 0 ] && echo passed || echo FAILED)" $(($(date +%s) - UST_T0))
  return $failed
}

# Runs may share the servers; the last one to leave stops them, unless they ran before the first came.
exec 9> "$UST_VAR/tests.users"
flock -s 9
keep=$UST_VAR/tests.keep
if flock -n -x 9; then
  rm -f "$keep"
  if "$UST_SOURCE/scripts/services.sh" status tests >/dev/null 2>&1; then
    touch "$keep"
  else
    "$UST_SOURCE/scripts/services.sh" reset tests 9>&- >/dev/null
    mkdir -p "$PIDS" "$LOGS"
  fi
fi
flock -s 9

finish() {
  local status=$?
  trap - EXIT INT TERM
  if [ -n "$assets" ]; then end_tree "$assets"; fi
  drop_database
  if flock -n -x 9 && [ ! -e "$keep" ]; then "$UST_SOURCE/scripts/services.sh" stop tests 9>&- || true; fi
  exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

drop_database() {
  [ -x "$UST_VENV/bin/python" ] || return 0
  "$UST_VENV/bin/python" - "${UST_DB_URI/%rdm/postgres}" "$database" > /dev/null 2>&1 <<'PY' || true
import sys
import sqlalchemy as sa
engine = sa.create_engine(sys.argv[1], isolation_level="AUTOCOMMIT")
with engine.connect() as connection:
    ours = sa.text("select datname from pg_database where starts_with(datname, :name)")
    for name in connection.scalars(ours, {"name": sys.argv[2]}).all():
        connection.execute(sa.text(f'drop database "{name}" with (force)'))
PY
}

# What pytest-invenio and the tests read.
export_settings() {
  export SQLALCHEMY_DATABASE_URI=${UST_DB_URI/%rdm/$database}
  export BROKER_URL=$UST_BROKER_URL CELERY_BROKER_URL=$UST_BROKER_URL
  export SEARCH_HOSTS="[{'host': '127.0.0.1', 'port': $UST_OS_PORT}]"
  export CACHE_REDIS_URL=$UST_REDIS_URL/0 ACCOUNTS_SESSION_REDIS_URL=$UST_REDIS_URL/1 CELERY_RESULT_BACKEND=$UST_REDIS_URL/2
  export RATELIMIT_STORAGE_URI=$UST_REDIS_URL/3 COMMUNITIES_IDENTITIES_CACHE_REDIS_URL=$UST_REDIS_URL/4
  if [ -f "$ASSETS/static/dist/manifest.json" ]; then export USAGE_STATS_TEST_STATIC=$ASSETS/static; fi
  if [ -f "$UST_VAR/demo/instance/invenio.cfg" ]; then : "${USAGE_STATS_DEMO_INSTANCE:=$UST_VAR/demo/instance}"; fi
  export USAGE_STATS_DEMO_INSTANCE=${USAGE_STATS_DEMO_INSTANCE:-}
  local browser
  browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
  if [ -n "$browser" ]; then export CHROMIUM=$browser; fi
  unset INVENIO_INSTANCE_PATH
}

chromium_ready() {
  if ! grep -rqs 'mark\.browser' tests; then return 0; fi
  have chromium || have chromium-browser || have google-chrome || apt_install chromium
}

docs_ready() {
  if ! python -c 'import sphinx, furo, myst_parser' 2>/dev/null; then
    pip_install -e ".[docs]" >> "$LOGS/python.log" 2>&1 || { tail -n 5 "$LOGS/python.log"; return 1; }
  fi
  sphinx-build -nW --keep-going -q -b html docs "$STACK/docs"
}

javascript_ready() {
  local stamp
  node_ready
  stamp=$(digest package.json package-lock.json)
  if [ "$(cat node_modules/.stamp 2>/dev/null)" != "$stamp" ]; then
    if [ -f package-lock.json ]; then set -- ci; else set -- install --no-package-lock; fi
    npm "$@" --no-audit --no-fund && echo "$stamp" > node_modules/.stamp
  fi
}

python_ready
configure_instance
if [ -n "$everything" ]; then
  chromium_ready
  (exec 9>&-; assets_ready) & assets=$!
fi
"$UST_SOURCE/scripts/services.sh" start tests 9>&-

if [ -z "$everything" ]; then
  export_settings
  python -m pytest "${arguments[@]}" 9>&-
  exit
fi

part "Python: formatting" ruff format --check -q .
part "Python: lint" ruff check -q .
if [ -f package.json ]; then
  part "JavaScript: packages" javascript_ready
  part "JavaScript: lint" npm run --silent lint
  part "JavaScript: tests" npm test --silent
fi
if [ -f docs/conf.py ]; then part "documentation" docs_ready; fi
built() { wait "$assets"; }
part "front end: assets" built
assets=""
export_settings
# One more process than cores: many tests wait for servers and clocks.
part "Python and browser tests" python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone" --durations 25 ${arguments[@]+"${arguments[@]}"}
part "tests that need a server alone" python -m pytest -m alone ${arguments[@]+"${arguments[@]}"}
summary
