#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own: Debian's server, as an unprivileged user, on a free port of loopback, in
# a folder that is removed at the end. The command finds it in TEST_POSTGRES_URL.
#
#     scripts/with-postgres.sh cargo test --test api
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"

binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$binaries" ] || die "no PostgreSQL found; run scripts/setup.sh --test"

# The server refuses to run as root.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

folder=$(mktemp -d /tmp/moodcall-postgres.XXXXXX)
chmod 755 "$folder"
[ "$(id -u)" != 0 ] || chown postgres "$folder"
stop() {
    as_nobody "$binaries/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd "$folder"
as_nobody "$binaries/initdb" -D "$folder/data" -U moodcall -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 ||
    { cat "$folder/log"; die "PostgreSQL's folder cannot be made"; }
as_nobody "$binaries/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=400 -c fsync=off" \
    start >/dev/null 2>&1 </dev/null || { cat "$folder/data/log"; die "PostgreSQL does not start"; }
say "PostgreSQL $("$binaries/postgres" --version | cut -d' ' -f3) on port $port"
cd "$OLDPWD"
TEST_POSTGRES_URL=postgres://moodcall@127.0.0.1:$port "$@"
