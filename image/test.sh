#!/usr/bin/env bash
# `make test-image`: build the image with buildah, then run it as SageMaker would.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "image: mounting the image's root takes root: sudo make test-image" >&2; exit 1; }
image/install-builder.sh

cache=${XDG_CACHE_HOME:-$HOME/.cache}/serverless-translation
mkdir -p "$cache"
cat >"$cache/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$cache/storage"
runroot = "$cache/run"
END
export CONTAINERS_STORAGE_CONF=$cache/storage.conf

base=$(sed -n 's/^ARG BASE=//p' Dockerfile | head -1)
if ! buildah pull --quiet --policy missing "$base" >/dev/null 2>&1; then
  echo "image: $base cannot be pulled here; testing on a stand-in" >&2
  base=localhost/serverless-translation-base:bookworm
  image/stand-in-base.sh "$base"
fi
export IMAGE_UNDER_TEST=localhost/serverless-translation:test
export IMAGE_BASE=$base
make image IMAGE="$IMAGE_UNDER_TEST" BASE="$base" BUILDER=buildah
export SERVER_UNDER_TEST=localhost/serverless-translation-server:test
make server-image SERVER_IMAGE="$SERVER_UNDER_TEST" BASE="$base" BUILDER=buildah
exec .venv/bin/python -m pytest tests/image/built "$@"
