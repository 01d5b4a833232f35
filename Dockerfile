# One image for every role; the command says which. Dependencies come first, so that a change of code rebuilds in seconds.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/wirewatch wirewatch
WORKDIR /opt/wirewatch
RUN python3 -m venv /opt/wirewatch/.venv
ENV PATH=/opt/wirewatch/.venv/bin:$PATH

COPY deploy/requirements.lock requirements.lock
RUN pip install --quiet --require-hashes -r requirements.lock

COPY README.md LICENSE pyproject.toml ./
COPY config config
COPY pipeline pipeline
COPY workers workers
RUN pip install --quiet --no-deps . && cp -r config /etc/wirewatch

USER wirewatch
ENV WIREWATCH_CONFIG=/etc/wirewatch WIREWATCH_DATA_DIR=/var/lib/wirewatch
VOLUME /var/lib/wirewatch
ENTRYPOINT ["wirewatch"]
CMD ["run"]
