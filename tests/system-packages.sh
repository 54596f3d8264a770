#!/usr/bin/env bash
# Installs the Debian packages that give the commands named as arguments (chromium, if none is), when they are
# missing and we may (root or sudo).
set -euo pipefail

declare -A package_of=(
  [chromium]=chromium
  [firefox-esr]=firefox-esr
  [initdb]=postgresql
  [nginx]=nginx-light
  [redis-server]=redis-server
  [wrk]=wrk
)
PATH="$PATH:/usr/sbin:$(printf '%s:' /usr/lib/postgresql/*/bin)"
missing=()
for command in "${@:-chromium}"; do
  command -v "$command" >/dev/null || missing+=("${package_of[$command]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "The tests need these Debian packages; install them as root: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "porchlight: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 update >/dev/null
"${as_root[@]}" apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}" >/dev/null
