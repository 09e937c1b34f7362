# Builds anywhere; needs both base images, and no network beyond the npm registry.
#
# Pin the final base image by digest: it could not be looked up where this file was written.
#   docker build --build-arg RUNTIME_DIGEST=sha256:... .
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian13
ARG RUNTIME_TAG=nonroot
ARG RUNTIME_DIGEST=

# What it makes is JavaScript: the same for every platform, so it never runs emulated.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY rolldown.config.ts tsconfig.json ./
COPY build build
COPY src src
RUN npm run build

# No shell, no package manager, no npm: Node, its libraries, and the files below. Everything is bundled, so there is no
# node_modules to prune.
FROM ${RUNTIME_IMAGE}:${RUNTIME_TAG}${RUNTIME_DIGEST:+@${RUNTIME_DIGEST}}
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="nodeport-gate" \
      org.opencontainers.image.description="Admission gate for Kubernetes Service node ports" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# The root is meant to be read-only, so nothing is cached at run time. A cache made here would save 20 ms of a start, as
# long as both stages have the same build of Node.
ENV NODE_ENV=production \
    NODE_DISABLE_COMPILE_CACHE=1

WORKDIR /app
COPY LICENSE package.json ./
COPY manifests/policies manifests/policies
COPY --from=build /build/dist dist

# The number, not the name: Kubernetes checks runAsNonRoot against it.
USER 65532:65532

# Webhook and operations. The doors listen on loopback, where kubectl port-forward reaches them.
EXPOSE 8443 9090

# No HEALTHCHECK: Kubernetes does not run it, and here is no shell to run one. Probes ask /livez and /readyz.
STOPSIGNAL SIGTERM

# Reviews and lists are short-lived: a small nursery is emptied more often, instead of growing to 100 MB of garbage.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "/app/dist/nodeport-gate.js"]
CMD ["serve"]
