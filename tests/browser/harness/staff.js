// Staff, as the operator makes them.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { MOODCALL } from './paths.js';

/** Makes somebody staff. */
export const appoint = (server, handle) => promisify(execFile)(MOODCALL, ['staff', 'add', handle, '--data-dir', server.data]);
