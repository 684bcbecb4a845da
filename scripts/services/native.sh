# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# The four servers as processes of this machine. Sourced by services.sh.

pg_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
rabbitmq_bin() { ls /usr/lib/rabbitmq/bin/rabbitmq-server /usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server 2>/dev/null | head -n 1; }
java_17() { have java && [ "$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)" -ge 17 ] 2>/dev/null; }

install_servers() {
  local missing=()
  [ -n "$(pg_bin)" ] || missing+=(postgresql)
  have redis-server || missing+=(redis-server)
  [ -n "$(rabbitmq_bin)" ] || missing+=(rabbitmq-server)
  java_17 || missing+=(openjdk-17-jre-headless)
  [ -d "$UST_CACHE/opensearch" ] || have mvn || missing+=(maven)
  have curl || missing+=(curl)
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
}

# OpenSearch 2.19 from Maven Central, once; both profiles use the same jars.
opensearch_jars() {
  local jars=$UST_CACHE/opensearch build=$UST_CACHE/opensearch-build
  [ -d "$jars" ] && return 0
  say "fetching OpenSearch 2.19 from Maven Central (53 MB)"
  rm -rf "$build"; mkdir -p "$build"
  cp "$here/services/opensearch-pom.xml" "$build/pom.xml"
  (cd "$build" && mvn -B -q dependency:copy-dependencies -DoutputDirectory="$build/jars") > "$LOGS/maven.log" 2>&1 < /dev/null ||
    die "Maven could not fetch OpenSearch" "is the network up? settings for a mirror belong in ~/.m2/settings.xml" "$LOGS/maven.log"
  ls "$build"/jars/opensearch-2.19*.jar >/dev/null 2>&1 || die "Maven fetched no OpenSearch 2.19" "look at $LOGS/maven.log"
  mv "$build/jars" "$jars" && rm -rf "$build"
}

opensearch_start() {
  free opensearch "$STACK/opensearch" "$UST_OS_PORT" UST_OS_PORT || { say "OpenSearch runs already"; return 0; }
  if [ "$UST_OS_PORT" -lt 9201 ] || [ "$UST_OS_PORT" -gt 9298 ]; then
    die "OpenSearch cannot listen on port $UST_OS_PORT" "its runner takes ports from 9201 to 9298: set UST_OS_PORT"
  fi
  if port_open "$UST_OS_TRANSPORT_PORT"; then
    die "port $UST_OS_TRANSPORT_PORT is in use$(owner_of "$UST_OS_TRANSPORT_PORT")" "choose another one with UST_OS_TRANSPORT_PORT=<port>"
  fi
  local base=$STACK/opensearch
  mkdir -p "$base/node_1/config"
  # The runner sets name, roles, cluster and HTTP port itself and reads the rest from this file.
  cat > "$base/node_1/config/opensearch.yml" <<YML
transport.port: $UST_OS_TRANSPORT_PORT
network.host: 127.0.0.1
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
action.destructive_requires_name: false
# With a small heap the breaker takes garbage that is not yet collected for memory in use.
indices.breaker.total.use_real_memory: false
YML
  # The runner takes the first free port above the one it is given.
  (cd "$STACK" && exec nohup java "-Xms$UST_OS_HEAP" "-Xmx$UST_OS_HEAP" -XX:+UseSerialGC -Dopensearch.networkaddress.cache.ttl=60 \
    -cp "$UST_CACHE/opensearch/*" org.codelibs.opensearch.runner.OpenSearchRunner \
    -basePath "$base" -numOfNode 1 -baseHttpPort $((UST_OS_PORT - 1)) -clusterName "$UST_ID") > "$LOGS/opensearch.log" 2>&1 < /dev/null &
  echo $! > "$PIDS/opensearch"
}

opensearch_ready() {
  local url=http://127.0.0.1:$UST_OS_PORT answer
  wait_for opensearch 180 "$STACK/opensearch" "$LOGS/opensearch.log" curl -fs "$url/_cluster/health?wait_for_status=yellow&timeout=1s"
  # Read to its end first: with pipefail a reader that stops at the match would fail the whole.
  answer=$(curl -fs --retry 3 "$url")
  [[ $answer == *"\"$UST_ID\""* ]] ||
    die "port $UST_OS_PORT answers with the cluster of somebody else" "stop it, or choose another port with UST_OS_PORT=<port>"
  say "OpenSearch $(sed -n 's/.*"number" : "\(.*\)".*/\1/p' <<< "$answer") answers on port $UST_OS_PORT"
}

# PostgreSQL refuses to run as root. Its user may lack the right to enter the folders above the data, so the data
# folder is handed over open and is named by the process's own link to it.
pg() {
  local command as=()
  command=$(pg_bin)/$1; shift
  if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi
  (cd / && exec ${as[@]+"${as[@]}"} "$command" -D /proc/self/fd/5 "$@" 5< "$STACK/postgres")
}
pg_query() { (cd / && "$(pg_bin)/psql" -qAt -h 127.0.0.1 -p "$UST_PG_PORT" -U postgres "$@"); }

postgres_start() {
  free postgres "-p $UST_PG_PORT" "$UST_PG_PORT" UST_PG_PORT || { say "PostgreSQL runs already"; return 0; }
  local data=$STACK/postgres
  if [ ! -f "$data/PG_VERSION" ]; then
    rm -rf "$data"; mkdir -p "$data"; chmod 700 "$data"
    if [ "$(id -u)" = 0 ]; then chown postgres: "$data"; fi
    pg initdb -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$LOGS/initdb.log" 2>&1 < /dev/null ||
      die "PostgreSQL could not make its data folder $data" "is there space on the disk?" "$LOGS/initdb.log"
  fi
  rm -f "$data/postmaster.pid"
  pg pg_ctl -w -t 60 -l /proc/self/fd/5/server.log -o "-p $UST_PG_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off \
    -c full_page_writes=off -c synchronous_commit=off -c max_connections=200" start > "$LOGS/pg_ctl.log" 2>&1 < /dev/null ||
    die "PostgreSQL did not start" "the log is $data/server.log" "$data/server.log"
  head -n 1 "$data/postmaster.pid" > "$PIDS/postgres"
  if [ "$(pg_query -c "select count(*) from pg_database where datname = 'rdm'" postgres)" = 0 ]; then
    pg_query -c "create role rdm login superuser password 'rdm'" -c "create database rdm owner rdm" postgres
  fi
  say "PostgreSQL answers on port $UST_PG_PORT"
}

redis_start() {
  free redis "redis-server 127.0.0.1:$UST_REDIS_PORT" "$UST_REDIS_PORT" UST_REDIS_PORT || { say "Redis runs already"; return 0; }
  mkdir -p "$STACK/redis"
  redis-server --port "$UST_REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --daemonize yes \
    --dir "$STACK/redis" --pidfile "$PIDS/redis" --logfile "$LOGS/redis.log" > /dev/null < /dev/null
  wait_for redis 30 - "$LOGS/redis.log" redis-cli -p "$UST_REDIS_PORT" ping
  say "Redis answers on port $UST_REDIS_PORT"
}

# The broker's own script, for the one in the system's path changes the user and drops the environment.
rabbitmq_start() {
  free rabbitmq "$STACK/rabbitmq" "$UST_AMQP_PORT" UST_AMQP_PORT || { say "RabbitMQ runs already"; return 0; }
  local r=$STACK/rabbitmq
  mkdir -p "$r"
  printf 'listeners.tcp.default = 127.0.0.1:%s\n' "$UST_AMQP_PORT" > "$r/rabbitmq.conf"
  echo '[].' > "$r/enabled_plugins"
  env HOME="$r" ERL_EPMD_PORT="$UST_EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME="$UST_ID@localhost" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$UST_AMQP_PORT" RABBITMQ_DIST_PORT=$((UST_AMQP_PORT + 20000)) \
    RABBITMQ_MNESIA_BASE="$r/mnesia" RABBITMQ_LOG_BASE="$r/log" RABBITMQ_CONFIG_FILE="$r/rabbitmq" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$r/enabled_plugins" RABBITMQ_PID_FILE="$PIDS/rabbitmq" \
    nohup "$(rabbitmq_bin)" > "$LOGS/rabbitmq.log" 2>&1 < /dev/null &
}

# Virtual hosts of the processes that share the tests: each has queues of its own.
rabbitmq_lanes() {
  local lane
  for lane in gw1 gw2; do
    rabbitmq_control add_vhost "$lane"
    rabbitmq_control set_permissions -p "$lane" guest '.*' '.*' '.*'
  done
}

rabbitmq_control() {
  env HOME="$STACK/rabbitmq" ERL_EPMD_PORT="$UST_EPMD_PORT" RABBITMQ_NODENAME="$UST_ID@localhost" \
    RABBITMQ_CONFIG_FILE="$STACK/rabbitmq/rabbitmq" RABBITMQ_LOG_BASE="$STACK/rabbitmq/log" \
    "$(dirname "$(rabbitmq_bin)")/rabbitmqctl" -q "$@" >> "$LOGS/rabbitmq.log" 2>&1 < /dev/null
}

services_start() {
  install_servers
  opensearch_jars
  opensearch_start
  rabbitmq_start
  postgres_start
  redis_start
  wait_for rabbitmq 120 - "$LOGS/rabbitmq.log" port_open "$UST_AMQP_PORT"
  say "RabbitMQ answers on port $UST_AMQP_PORT"
  if [ "$UST_PROFILE" = tests ]; then rabbitmq_lanes; fi
  opensearch_ready
}

services_stop() {
  end opensearch "$STACK/opensearch"
  end rabbitmq "$STACK/rabbitmq"
  end redis "redis-server 127.0.0.1:$UST_REDIS_PORT"
  end postgres "-p $UST_PG_PORT" INT
  # Erlang's port mapper outlives the broker; this one has a port of its own.
  if have epmd; then ERL_EPMD_PORT=$UST_EPMD_PORT epmd -kill >/dev/null 2>&1 || true; fi
}

services_status() {
  local status=0
  shows postgres "-p $UST_PG_PORT" "$UST_PG_PORT" || status=1
  shows redis "redis-server 127.0.0.1:$UST_REDIS_PORT" "$UST_REDIS_PORT" || status=1
  shows rabbitmq "$STACK/rabbitmq" "$UST_AMQP_PORT" || status=1
  shows opensearch "$STACK/opensearch" "$UST_OS_PORT" || status=1
  return $status
}
