# docs/install/container.md says how to use it. Every image here is made for amd64 and arm64.
FROM python:3.13-slim AS build
WORKDIR /source
RUN python -m venv /opt/allybot
COPY requirements/runtime.txt requirements/
RUN /opt/allybot/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY allybot allybot
COPY slack_emulator slack_emulator
COPY config config
RUN /opt/allybot/bin/pip install --no-cache-dir --no-build-isolation --no-deps .
# What only built it, and the local Slack, which no server needs.
RUN /opt/allybot/bin/pip uninstall --yes --quiet hatchling pathspec pluggy trove-classifiers
RUN rm -rf /opt/allybot/lib/python3*/site-packages/slack_emulator
RUN /opt/allybot/bin/pip uninstall --yes --quiet pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/allybot --create-home --shell /usr/sbin/nologin allybot
COPY --from=build /opt/allybot /opt/allybot
ENV PATH=/opt/allybot/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /var/lib/allybot
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 9464, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["allybot"]
CMD ["run"]
