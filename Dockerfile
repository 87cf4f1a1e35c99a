# An image that builds briefings without a network:
#
#   docker build -t briefing .
#   docker run --rm --network none -v "$PWD/reports:/briefing/reports" -v "$PWD/data:/briefing/data:ro" briefing
#
# The stage `tools` has the locked packages and system libraries but not the project; the devcontainer takes it.
FROM python:3.13-slim-bookworm AS tools
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git make libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
ENV VIRTUAL_ENV=/opt/briefing PATH=/opt/briefing/bin:$PATH PIP_NO_CACHE_DIR=1 JUPYTER_PREFER_ENV_PATH=1
COPY requirements.lock /tmp/
RUN python -m venv "$VIRTUAL_ENV" && pip install --require-hashes -r /tmp/requirements.lock

FROM tools AS briefing
WORKDIR /briefing
COPY . .
RUN pip install --no-deps --no-build-isolation --editable .
CMD ["make", "report"]
