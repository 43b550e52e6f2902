// What staff can ask and do.

import { ask } from '../api.js';

/** @import { Kind } from '../posts/report.js' */
/** @import { Somebody } from '../ui/person.js' */

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {{kind: Kind, id: string}} subject
 * @property {Somebody | null} author whose doing it is
 * @property {Somebody | null} reporter
 * @property {string} reason
 * @property {string} note
 * @property {string} excerpt what the thing said when it was reported
 * @property {'open' | 'upheld' | 'dismissed'} status
 * @property {string} created_at
 * @property {string | null} closed_at
 * @property {Somebody | null} closed_by
 */

/** @typedef {{id: string, actor: Somebody | null, action: string, subject_kind: string, subject_id: string, note: string, created_at: string}} Act */

/**
 * @typedef {object} Overview
 * @property {{open_reports: number, oldest_report_at: string | null, suspended_people: number, leaving_people: number, due_mails: number, failed_mails: number, pending_exports: number}} queues
 * @property {{name: string, kind: string, state: 'fine' | 'off' | 'down', detail: string}[]} adapters
 */

/** What taking it down makes of a thing; a person is suspended instead. @type {Partial<Record<Kind, 'hidden' | 'deleted'>>} */
export const TAKEDOWNS = {
  post: 'hidden',
  playlist: 'hidden',
  comment: 'deleted',
  room: 'deleted',
  message: 'deleted',
};

/** @returns {Promise<Overview>} */
export const fetchOverview = () => ask('/admin/overview');

/**
 * @param {string} report
 * @param {'upheld' | 'dismissed'} status
 * @param {string} note
 * @returns {Promise<Case>}
 */
export const closeReport = (report, status, note) => ask(`/admin/reports/${report}`, { method: 'PATCH', body: { status, note } });

/**
 * Takes down what was reported, whoever made it.
 * @param {string} report
 * @param {string} note
 * @returns {Promise<Act>}
 */
export const takeDown = (report, note) => ask(`/admin/reports/${report}/takedown`, { method: 'POST', body: { note } });

/** Takes a tag off everything. @param {string} name */
export const deleteTag = (name) => ask(`/admin/tags/${encodeURIComponent(name)}`, { method: 'DELETE' });

/**
 * @param {string} user identifier or handle
 * @param {{action: string, id?: string, days?: number, note: string}} act
 * @returns {Promise<Act>}
 */
export const actOn = (user, act) => ask(`/admin/users/${encodeURIComponent(user)}/actions`, { method: 'POST', body: act });
