// Clips for the fake camera, made by clips.py when they are first asked for.

import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { CLIPS, ROOT } from './paths.js';

const PYTHON = join(ROOT, 'target/tools/venv/bin/python');

/**
 * The file for `--use-file-for-fake-video-capture`.
 *
 * @param {'face' | 'portrait'} name `face` has a real, changing expression; `portrait` may be shown in documentation
 */
export async function clip(name) {
  const file = join(CLIPS, `${name}.mjpeg`);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) {
    await mkdir(CLIPS, { recursive: true });
    await promisify(execFile)(PYTHON, [join(ROOT, 'tests/browser/clips.py'), name, file]);
  }
  return file;
}
