# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# Settings of a profile (demo or tests), sourced with the profile in UST_PROFILE. Every value can be given from outside.

UST_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$UST_SOURCE/scripts/common.sh"

: "${UST_PROFILE:=demo}"
: "${UST_VAR:=$UST_SOURCE/var}"
: "${UST_CACHE:=$UST_VAR/cache}"
: "${UST_VENV:=$UST_VAR/venv}"
STACK=$UST_VAR/$UST_PROFILE
PIDS=$STACK/pid
LOGS=$STACK/log

case $UST_PROFILE in
  demo) defaults=(5450 6400 5690 4390 9221 9331 5000 1g) ;;
  tests) defaults=(5460 6410 5700 4395 9231 9341 5001 1g) ;;
  *) die "there is no profile '$UST_PROFILE'" "use demo or tests" ;;
esac
: "${UST_PG_PORT:=${defaults[0]}}" "${UST_REDIS_PORT:=${defaults[1]}}" "${UST_AMQP_PORT:=${defaults[2]}}" "${UST_EPMD_PORT:=${defaults[3]}}"
: "${UST_OS_PORT:=${defaults[4]}}" "${UST_OS_TRANSPORT_PORT:=${defaults[5]}}" "${UST_WEB_PORT:=${defaults[6]}}" "${UST_OS_HEAP:=${defaults[7]}}"

# Two checkouts on one machine must not take each other's servers for their own.
UST_ID=usage-stats-$UST_PROFILE-$(printf %s "$STACK" | sha256sum | cut -c1-8)

UST_DB_URI=postgresql+psycopg2://rdm:rdm@127.0.0.1:$UST_PG_PORT/rdm
UST_BROKER_URL=amqp://guest:guest@127.0.0.1:$UST_AMQP_PORT//
UST_REDIS_URL=redis://127.0.0.1:$UST_REDIS_PORT
INVENIO_INSTANCE_PATH=$STACK/instance
export UST_SOURCE UST_PROFILE UST_VAR UST_CACHE UST_VENV STACK UST_WEB_PORT UST_OS_PORT UST_DB_URI UST_BROKER_URL UST_REDIS_URL
export INVENIO_INSTANCE_PATH OPENBLAS_NUM_THREADS=1
unset PYTHONPATH PYTHONDONTWRITEBYTECODE VIRTUAL_ENV

mkdir -p "$STACK" "$PIDS" "$LOGS" "$UST_CACHE"
