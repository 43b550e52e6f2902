# Moodcall in a container: build, then a slim image with the program, ONNX Runtime and the networks.
#
#     docker build -t moodcall .
#     docker run --rm -p 8080:8080 -p 3478:3478/udp -p 3478:3478/tcp -v moodcall:/data \
#         -e MOODCALL_PUBLIC_ADDRESS=203.0.113.7 moodcall
#
# The packages are those of scripts/packages-*.txt, the same lists that scripts/setup.sh installs from.

FROM rust:1-bookworm AS build
WORKDIR /src
# Only what the set-up reads comes first, so that a change of the code does not install everything anew.
COPY scripts/ scripts/
COPY package.json package-lock.json ./
RUN scripts/setup.sh
COPY . .
# Cargo's own folders are caches, not layers; the binary leaves them before the mount goes away.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target/release \
    PATH=/src/target/tools/bin:$PATH cargo build --release --locked \
    && install -D target/release/moodcall /out/moodcall

FROM debian:bookworm-slim
COPY scripts/packages-run.txt /tmp/
RUN apt-get update \
    && grep -v '^#' /tmp/packages-run.txt | xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* /tmp/packages-run.txt \
    && useradd --system --uid 10001 --home-dir /data --create-home moodcall

# ONNX Runtime and the networks lie beside the program, where it looks for them, with their terms.
COPY --from=build /out/moodcall /opt/moodcall/
COPY --from=build /src/lib/ /opt/moodcall/lib/
COPY models/ /opt/moodcall/models/
COPY LICENSE-APACHE LICENSE-MIT /opt/moodcall/

USER moodcall
WORKDIR /opt/moodcall
VOLUME /data
ENV MOODCALL_LISTEN=0.0.0.0:8080 MOODCALL_UDP_PORT=3478 MOODCALL_DATA_DIR=/data
# 8080: pages, API and signaling. 3478: media, UDP and (where UDP is blocked) TCP.
EXPOSE 8080/tcp 3478/udp 3478/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/opt/moodcall/moodcall"]
CMD ["serve"]
