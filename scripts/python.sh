# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# python_ready [EXTRAS]: makes var/venv with this project and a complete InvenioRDM, once per state of the project's own
# requirements. Sourced after env.sh.

# The first interpreter that starts and is new enough.
find_python() {
  local name
  for name in ${UST_PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

make_venv() {
  local python
  if ! python=$(find_python); then
    apt_install python3 python3-venv
    python=$(find_python) || die "there is no Python 3.11 or newer" "install one, or name it: UST_PYTHON=/path/to/python"
  fi
  if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then apt_install python3-venv "$(basename "$python")-venv"; fi
  say "new virtual environment with $("$python" --version)"
  rm -rf "$UST_VENV"
  "$python" -m venv "$UST_VENV" > "$LOGS/python.log" 2>&1 || die "Python could not make $UST_VENV" "" "$LOGS/python.log"
  "$UST_VENV/bin/pip" install -q uv >> "$LOGS/python.log" 2>&1 || say "uv is not to be had; pip takes longer"
}

pip_install() {
  if [ -x "$UST_VENV/bin/uv" ]; then
    "$UST_VENV/bin/uv" pip install --python "$UST_VENV/bin/python" --compile-bytecode "$@"
  else
    "$UST_VENV/bin/pip" install "$@"
  fi
}

install_python() {
  local extras=$1 stamp=$2
  "$UST_VENV/bin/python" -c '' >/dev/null 2>&1 || make_venv
  say "installing the Python packages"
  (cd "$UST_SOURCE" && pip_install -e ".[$extras]" gunicorn orjson) >> "$LOGS/python.log" 2>&1 < /dev/null ||
    die "the Python packages could not be installed" "is the network up? the log is $LOGS/python.log" "$LOGS/python.log"
  # Which Invenio packages are in, for whatever has to be built again when they change.
  "$UST_VENV/bin/python" - > "$UST_VENV/.packages" <<'PY'
from importlib.metadata import distributions
names = {(d.metadata["Name"].lower(), d.version) for d in distributions()}
print("\n".join(f"{n}=={v}" for n, v in sorted(names) if n.startswith("invenio-") and n != "invenio-usage-stats"))
PY
  echo "$stamp" > "$UST_VENV/.stamp-$extras"
  say "Python packages installed"
}

python_ready() {
  local extras=${1:-opensearch2,tests} stamp
  mkdir -p "$UST_VAR"
  exec 7> "$UST_VAR/venv.lock"
  flock 7
  stamp=$(digest "$UST_SOURCE/setup.cfg" "$UST_SOURCE/pyproject.toml")
  if [ "$(cat "$UST_VENV/.stamp-$extras" 2>/dev/null)" != "$stamp" ] || ! "$UST_VENV/bin/python" -c '' 2>/dev/null; then
    install_python "$extras" "$stamp"
  fi
  exec 7>&-
  export PATH="$UST_VENV/bin:$PATH"
}
