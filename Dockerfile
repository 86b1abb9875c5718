# Two images. The last stage is what `docker build` makes without --target: the inference server as
# SageMaker starts it. `--target server` adds page and public API, for a machine of your own.
# docs/image.md says what is in them and how to pin the base by digest.
ARG BASE=docker.io/library/python:3.11.15-slim-bookworm

FROM ${BASE} AS build
COPY serving/requirements.lock handlers/requirements.txt /build/
# A proxy's certificates and pip settings may be lent to the build; they never reach a layer.
RUN --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: \
        -r /build/requirements.lock -r /build/requirements.txt \
    && /opt/venv/bin/python -m pip uninstall --yes --quiet pip setuptools
COPY serving /opt/program/serving
COPY handlers /opt/program/handlers
COPY model_folder /opt/program/model_folder
# Hash-checked byte code is the same at every build; the server never writes any.
RUN rm -f /opt/program/*/requirements* \
    && find /opt/venv/lib -depth \( -type d -name tests -o -name conftest.py \) -exec rm -r {} + \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/program /opt/venv/lib

FROM build AS server-build
COPY gateway/requirements.lock /build/gateway.lock
RUN --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    --mount=type=secret,id=pip,target=/etc/pip.conf \
    python3 -m venv /build/pip \
    && /build/pip/bin/python -m pip --python /opt/venv/bin/python install --no-cache-dir \
        --disable-pip-version-check --require-hashes --only-binary :all: -r /build/gateway.lock
COPY gateway /opt/program/gateway
COPY file_formats /opt/program/file_formats
RUN rm -f /opt/program/*/requirements* \
    && find /opt/venv/lib -depth \( -type d -name tests -o -name conftest.py \) -exec rm -r {} + \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/program /opt/venv/lib \
    && mkdir /build/state

FROM ${BASE} AS runtime
# No pip in what runs: nothing is ever installed there.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/pip* \
    /usr/local/lib/python3.*/site-packages/setuptools* /usr/local/lib/python3.*/ensurepip
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/program \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /opt/program
# A number, so that it needs no /etc/passwd entry; root and any other user work as well.
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=2s --start-period=30s \
    CMD ["python3", "-c", "import os, urllib.request as u; e = os.environ.get; u.build_opener(u.ProxyHandler({})).open(f\"http://127.0.0.1:{e('SERVING_PORT') or e('SAGEMAKER_BIND_TO_PORT') or 8080}/ping\", timeout=2)"]
ENTRYPOINT ["python3", "-m", "serving"]
CMD ["serve"]

FROM runtime AS server
COPY --from=server-build /opt/venv /opt/venv
COPY --from=server-build /opt/program /opt/program
# A volume that is mounted here belongs to the user at first; its home would be /.
COPY --chown=10001:10001 --from=server-build /build/state /state
# One folder a pair; the volume that docs/self-host.md mounts.
ENV SERVING_MODELS=/models \
    GATEWAY_GLOSSARIES=/state/glossaries.sqlite3
ARG VERSION=unknown
ARG REVISION=unknown
ARG BASE
ARG BASE_DIGEST=unknown
LABEL org.opencontainers.image.title="serverless-translation" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}"

FROM runtime
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/program /opt/program
ARG VERSION=unknown
ARG REVISION=unknown
ARG BASE
ARG BASE_DIGEST=unknown
LABEL org.opencontainers.image.title="serverless-translation" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}"
