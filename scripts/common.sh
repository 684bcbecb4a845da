# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# Words that every script here uses: messages, waiting, pid files, packages of the system. Sourced, never run.

: "${UST_T0:=$(date +%s)}"
export UST_T0

say() { printf '[%4ds] %s\n' "$(($(date +%s) - UST_T0))" "$*"; }

# die REASON [HINT] [LOG]: says why, what to do and how the log ends.
die() {
  if [ -n "${3:-}" ] && [ -s "$3" ]; then
    printf '\n--- the last lines of %s\n' "$3" >&2
    tail -n 25 "$3" >&2
    printf -- '---\n' >&2
  fi
  printf '\nFAILED: %s\n' "$1" >&2
  if [ -n "${2:-}" ]; then printf 'Hint:   %s\n' "$2" >&2; fi
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# alive NAME WORD: the process of the pid file lives and its command line has WORD (pids are used again after a reboot).
alive() {
  local pid
  pid=$(head -n 1 "$PIDS/$1" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
  tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2"
}

# free NAME WORD PORT SETTING: 0 when the port is free, 1 when our own process answers there already, else the end.
free() {
  if alive "$1" "$2"; then return 1; fi
  rm -f "$PIDS/$1"
  if port_open "$3"; then
    die "port $3 is in use by something that is not this folder's $1$(owner_of "$3")" \
      "stop that program, or choose another port with $4=<port>"
  fi
}

owner_of() {
  local who=""
  if have ss; then who=$(ss -Hltnp "sport = :$1" 2>/dev/null | grep -o 'users:.*' | head -n 1); fi
  if [ -n "$who" ]; then printf ': %s' "$who"; fi
}

# wait_for NAME SECONDS WORD LOG COMMAND...: until the command succeeds; gives up when time is over or the process is gone.
wait_for() {
  local name=$1 limit=$2 word=$3 log=$4 end=$((SECONDS + $2))
  shift 4
  until "$@" >/dev/null 2>&1; do
    if [ "$word" != - ] && [ -s "$PIDS/$name" ] && ! alive "$name" "$word"; then
      die "$name has stopped while starting" "the log says why: $log" "$log"
    fi
    if [ "$SECONDS" -gt "$end" ]; then die "$name did not answer within $limit s" "the log is $log" "$log"; fi
    sleep 0.25
  done
}

# end NAME WORD [SIGNAL]: ends the process of the pid file, and only if it is the one that we started.
end() {
  local pid n=0
  if ! alive "$1" "$2"; then rm -f "$PIDS/$1"; return 0; fi
  pid=$(head -n 1 "$PIDS/$1")
  kill -s "${3:-TERM}" "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null && [ $n -lt 120 ]; do sleep 0.25; n=$((n + 1)); done
  if kill -0 "$pid" 2>/dev/null; then kill -s KILL "$pid" 2>/dev/null || true; fi
  rm -f "$PIDS/$1"
  say "$1 stopped"
}

# end_tree PID: ends a process of ours with everything it has started.
end_tree() {
  local child
  for child in $(ps -o pid= --ppid "$1" 2>/dev/null); do end_tree "$child"; done
  kill "$1" 2>/dev/null || true
}

# shows NAME WORD PORT: one line of status.
shows() {
  if alive "$1" "$2" && port_open "$3"; then
    printf '%-12s running, port %s, process %s\n' "$1" "$3" "$(head -n 1 "$PIDS/$1")"
  else
    printf '%-12s stopped\n' "$1"
    return 1
  fi
}

# apt_install PACKAGE...: without starting the system's own servers.
apt_install() {
  local policy=/usr/sbin/policy-rc.d made="" status=0
  have apt-get || die "these packages are missing: $*" "install them with the package manager of this system"
  [ "$(id -u)" = 0 ] || die "these packages are missing: $*" "run as root, or install them first: sudo apt-get install $*"
  say "installing with apt: $*"
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' > $policy && chmod +x $policy && made=yes
  fi
  {
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 update -q &&
      DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -q -y --no-install-recommends "$@"
  } > "$LOGS/apt.log" 2>&1 < /dev/null || status=$?
  if [ -n "$made" ]; then rm -f $policy; fi
  [ $status = 0 ] || die "apt could not install: $*" "is the network up, and are the package lists right?" "$LOGS/apt.log"
}

# digest FILE...: one short hash of the contents.
digest() { cat "$@" 2>/dev/null | sha256sum | cut -c1-16; }
