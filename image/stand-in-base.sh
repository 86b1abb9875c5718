#!/usr/bin/env bash
# A base image from Debian packages, for machines that cannot pull the real one: image/stand-in-base.sh TAG
set -euo pipefail
tag=$1
buildah inspect --type image "$tag" >/dev/null 2>&1 && exit 0
echo "Making $tag with debootstrap (once; a minute or so) ..." >&2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
  bookworm "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >&2
rm -rf "$root"/etc/{resolv.conf,hostname} "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,locale,man}
container=$(buildah from scratch)
buildah add --quiet "$container" "$root" / >/dev/null
buildah commit --quiet --format docker --rm "$container" "$tag" >/dev/null
