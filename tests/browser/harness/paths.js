// Where things are: the repository, the built program, and what a failed test leaves behind.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');

export const MOODCALL = process.env.TEST_BINARY ?? join(TARGET, 'debug/moodcall');
/** Logs and pictures of tests that failed, one folder each. */
export const LEFTOVERS = join(TARGET, 'browser');
/** Clips for the fake camera, made once. */
export const CLIPS = join(TARGET, 'browser-clips');
