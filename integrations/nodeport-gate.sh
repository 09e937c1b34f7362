#!/bin/sh
# nodeport-gate straight from a checkout, for those who hold one anyway: pre-commit and GitHub Actions. The first run
# installs what package-lock.json names, among it the right Node, so that whatever Node the machine has is no matter.
#
# An npm package would not do: npm does not install the build tools of a package that it gets from git with --global, as
# pre-commit does, and Node does not run TypeScript below node_modules.
set -eu

# Called through a link, the checkout is where the link leads: an installation anywhere else would be somebody else's.
self=$0
while [ -h "$self" ]; do
  target=$(readlink -- "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname -- "$self")/$target ;;
  esac
done
here=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd)
node=$here/node_modules/.bin/node
# npm writes this file last.
installed=$here/node_modules/.package-lock.json
lock=$here/.installing

fail() {
  printf 'nodeport-gate: %s\n' "$1" >&2
  exit 2
}

install() {
  command -v npm >/dev/null || fail 'npm is not installed; install Node 20 or later, which brings it'
  seconds=0
  # Another commit may be at it.
  until mkdir "$lock" 2>/dev/null; do
    [ "$seconds" -lt 300 ] || fail "another installation does not end; if none is running, remove $lock"
    seconds=$((seconds + 1))
    sleep 1
  done
  trap 'rmdir "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [ ! -f "$installed" ]; then
    # NODE_ENV=production would leave out Node itself.
    (cd "$here" && npm ci --include=dev --no-audit --no-fund --no-progress --loglevel=error </dev/null >/dev/null) ||
      fail "npm ci failed in $here; see above"
  fi
  rmdir "$lock"
  trap - EXIT INT TERM
}

[ -f "$installed" ] || install
[ -x "$node" ] || fail "npm did not run the install script of the package node in $here; allow it (npm config set ignore-scripts false), remove node_modules there and try again"
exec "$node" "$here/src/main.ts" "$@"
