// People who are friends already, where the story is about something else.

import { account, asks } from './accounts.js';

/**
 * Two new accounts that are friends.
 *
 * @param {import('./server.js').Server} server
 * @param {string} one
 * @param {string} other
 */
export async function befriend(server, one, other) {
  const [first, second] = await Promise.all([one, other].map((handle) => account(server, handle)));
  const { id } = await asks(server, first, 'POST', '/friend-requests', { to: second.id });
  await asks(server, second, 'PATCH', `/friend-requests/${id}`, { status: 'accepted' });
  return [first, second];
}
