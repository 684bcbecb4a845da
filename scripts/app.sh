# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# The repository's own processes: web and worker (with beat). Sourced after env.sh and python.sh.

worker_start() {
  if alive worker "$STACK/beat"; then say "the worker runs already"; return 0; fi
  (cd "$INVENIO_INSTANCE_PATH" && exec nohup celery -A invenio_app.celery worker -B -E -l INFO -c 2 --queues celery,low \
    -s "$STACK/beat" > "$LOGS/worker.log" 2>&1 < /dev/null) &
  echo $! > "$PIDS/worker"
}

worker_ready() {
  wait_for worker 120 "$STACK/beat" "$LOGS/worker.log" grep -q ' ready\.$' "$LOGS/worker.log"
  say "the worker is ready (Celery, two processes and beat)"
}

web_start() {
  free web "127.0.0.1:$UST_WEB_PORT" "$UST_WEB_PORT" UST_WEB_PORT || { say "the web server runs already"; return 0; }
  (cd "$INVENIO_INSTANCE_PATH" && exec nohup gunicorn invenio_app.wsgi:application -b "127.0.0.1:$UST_WEB_PORT" -w 1 --threads 8 \
    --timeout 120 --graceful-timeout 3 --access-logfile "$LOGS/access.log" > "$LOGS/web.log" 2>&1 < /dev/null) &
  echo $! > "$PIDS/web"
}

web_ready() {
  wait_for web 180 "127.0.0.1:$UST_WEB_PORT" "$LOGS/web.log" \
    curl -fs -m 60 -o /dev/null "http://127.0.0.1:$UST_WEB_PORT/api/records?size=1"
  say "the web server answers on port $UST_WEB_PORT"
}

app_stop() {
  if alive record-aggregation "$STACK"; then end_tree "$(cat "$PIDS/record-aggregation")"; fi
  end web "127.0.0.1:$UST_WEB_PORT"
  end worker "$STACK/beat"
}
