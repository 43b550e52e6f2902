#!/usr/bin/env bash
# Puts ONNX Runtime, which runs the networks, into lib/ and beside the binaries that cargo builds. It comes out of the
# wheel that its authors publish on PyPI; the wheel's checksum is held here. Does nothing where it is there already.
# Without it, the server starts, calls work, and effects are refused with the reason.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"

VERSION=1.31.1
WHEEL_SHA256=5752bd508126ae7c49894d3b9d2e83f0c3d487319246d04c444b393308d7ad7f
LIB=$ROOT/lib

fetch() {
    [ "$(uname -m)" = x86_64 ] || die "ONNX Runtime $VERSION: only the x86_64 wheel's checksum is known here, this is $(uname -m)"
    say "fetching ONNX Runtime $VERSION (24 MB)"
    local scratch
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' RETURN
    quietly python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform manylinux_2_28_x86_64 --implementation cp --python-version 3.11 --dest "$scratch" "onnxruntime==$VERSION"
    local wheel
    wheel=$(echo "$scratch"/onnxruntime-*.whl)
    echo "$WHEEL_SHA256  $wheel" | sha256sum --check --status || die "$(basename "$wheel") has sha256 $(sha256sum <"$wheel" | cut -d' ' -f1), expected $WHEEL_SHA256"
    mkdir -p "$LIB"
    python3 - "$wheel" "$VERSION" "$LIB" <<'PYTHON'
import pathlib
import sys
import zipfile

wheel, version, lib = sys.argv[1:]
wanted = {
    f"onnxruntime/capi/libonnxruntime.so.{version}": "libonnxruntime.so",
    "onnxruntime/LICENSE": "libonnxruntime.LICENSE",
    "onnxruntime/ThirdPartyNotices.txt": "libonnxruntime.ThirdPartyNotices.txt",
}
with zipfile.ZipFile(wheel) as archive:
    for inside, name in wanted.items():
        pathlib.Path(lib, name).write_bytes(archive.read(inside))
PYTHON
    echo "$VERSION" >"$LIB/libonnxruntime.version"
}

[ "$(cat "$LIB/libonnxruntime.version" 2>/dev/null)" = "$VERSION" ] || fetch

# The runtime is looked for beside the executable first; tests run from deps/.
for folder in debug debug/deps release release/deps; do
    mkdir -p "$TARGET/$folder"
    [ "$TARGET/$folder/libonnxruntime.so" -ef "$LIB/libonnxruntime.so" ] || ln -sfn "$LIB/libonnxruntime.so" "$TARGET/$folder/libonnxruntime.so"
done
