// What is deleted goes a little later, so that it can be undone with one press; closing the page does not keep it.

import { refusal } from '../api.js';
import { explain, t } from '../i18n.js';
import { toast } from './toasts.js';

/** As long as the word that offers to undo it is shown. */
const AFTER_MS = 12_000;

/** @type {Set<() => void>} */
const waiting = new Set();
window.addEventListener('pagehide', () => waiting.forEach((now) => now()));

/**
 * @param {string} said that it is gone
 * @param {{act: () => Promise<unknown>, back: () => void}} deletion `act`: deletes it, also while the page goes away; `back`: shows
 *   it again, because somebody changed their mind or the server did not agree
 */
export function deleteLater(said, { act, back }) {
  const now = async () => {
    clearTimeout(timer);
    waiting.delete(now);
    try {
      await act();
    } catch (error) {
      const why = refusal(error);
      if (why.status === 404) return;
      back();
      toast(explain(why), { tone: 'warn' });
    }
  };
  const timer = window.setTimeout(now, AFTER_MS);
  waiting.add(now);
  const undo = () => {
    if (!waiting.delete(now)) return;
    clearTimeout(timer);
    back();
  };
  toast(said, { action: { word: t('undo'), act: undo } });
}
