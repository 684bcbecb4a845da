# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# configure_instance: the instance folder of a profile, with invenio.cfg and small vocabularies. Sourced after env.sh.

configure_instance() {
  local here=$UST_SOURCE/scripts/instance target=$INVENIO_INSTANCE_PATH secret=$STACK/secret-key
  mkdir -p "$target"/{templates,static,data,archive}
  if [ ! -s "$secret" ]; then (umask 077 && head -c 32 /dev/urandom | sha256sum | cut -c1-48 > "$secret"); fi
  if [ ! -s "$STACK/admin-password" ]; then
    (umask 077 && head -c 32 /dev/urandom | base64 | tr -dc 'a-zA-Z0-9' | cut -c1-12 > "$STACK/admin-password")
  fi
  rm -rf "$target/app_data" && cp -r "$here/app_data" "$target/app_data"
  cp -r "$here/templates" "$target/"
  sed -e "s|@SECRET@|$(cat "$secret")|" -e "s|@PASSWORD@|$(cat "$STACK/admin-password")|" -e "s|@PORT@|$UST_WEB_PORT|" \
    -e "s|@DB@|$UST_DB_URI|" -e "s|@BROKER@|$UST_BROKER_URL|" -e "s|@REDIS@|$UST_REDIS_URL|" -e "s|@SEARCH@|$UST_OS_PORT|" \
    "$here/invenio.cfg.in" > "$target/invenio.cfg"
  chmod 600 "$target/invenio.cfg"
}
