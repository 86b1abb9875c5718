#!/usr/bin/env bash
# buildah, debootstrap and a local registry, for `make test-image`; Debian and Ubuntu package them.
set -euo pipefail
for tool in buildah debootstrap docker-registry; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
[ -n "${missing:-}" ] || exit 0
command -v apt-get >/dev/null || { echo "image: install ${missing[*]} first" >&2; exit 1; }
echo "Installing ${missing[*]} (once) ..." >&2
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
