# Sourced by the other scripts: how they speak, where they are, and how they become root.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
TOOLS=$ROOT/target/tools

# What the scripts put under target/tools goes before the system's own.
PATH=$TOOLS/bin:$PATH

say() { printf '%s\n' "==> $*" >&2; }
die() {
    printf '%s\n' "error: $*" >&2
    exit 1
}

# Runs a command as root: directly, or by sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "not root and no sudo; run this as root once: $*"
    fi
}

# The packages of the named lists (build, run, test), comments left out.
packages() {
    local list
    for list in "$@"; do
        grep -v '^#' "$ROOT/scripts/packages-$list.txt"
    done
}

# Runs a command whose output only matters when it fails.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "failed: $*"
    fi
    rm -f "$log"
}
