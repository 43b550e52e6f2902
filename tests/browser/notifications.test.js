// What happens to somebody reaches them while they look, once in a browser, and is read when they have seen it.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const badge = (page) => page.locator('.badge-count');
const unread = (page) => page.locator('.row-notice[data-unread]');

/** How many sockets the server listens with for people outside calls: each has said `listening` and is still open. */
function watchSockets(page) {
  const open = new Set();
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => JSON.parse(String(payload)).type === 'listening' && open.add(socket));
    socket.on('close', () => open.delete(socket));
  });
  return open;
}

scenario(
  'a notification arrives by itself, in every tab, over one socket',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo] = await Promise.all(['ada', 'ben', 'cleo'].map((handle) => account(server, handle)));
    const adas = await stage.person('Ada');
    const { page } = adas;
    const first = watchSockets(page);
    await enter(adas, ada);
    await until('one socket', () => first.size, (size) => size === 1);
    const other = await adas.context.newPage();
    const second = watchSockets(other);
    await other.goto('/friends');
    await other.getByRole('heading', { level: 1 }).waitFor();

    await asks(server, ben, 'PUT', '/me/following/ada');
    for (const tab of [page, other]) await until('the badge says one', () => badge(tab).innerText(), (text) => text === '1');
    await Promise.any([page, other].map((tab) => tab.locator('.toast').getByText('Ben follows you.').waitFor()));
    assert.equal(second.size, 0, 'the second tab opens no socket of its own');

    // The tab that listened goes, the other takes over.
    await page.close();
    await until('the other tab listens', () => second.size, (size) => size === 1);
    await asks(server, cleo, 'PUT', '/me/following/ada');
    await until('the badge says two', () => badge(other).innerText(), (text) => text === '2');
  },
  { env: DEVELOPMENT },
);

scenario(
  'what is seen is read, what comes meanwhile is marked, and a lost connection loses nothing',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo, dora] = await Promise.all(['ada', 'ben', 'cleo', 'dora'].map((handle) => account(server, handle)));
    await asks(server, ben, 'PUT', '/me/following/ada');
    const relay = await stage.relay();
    const adas = await stage.person('Ada', { origin: relay.url });
    const { page } = adas;
    const sockets = watchSockets(page);
    const said = (text) => page.locator('main').getByText(text);
    await enter(adas, ada);
    await until('the badge says one', () => badge(page).innerText(), (text) => text === '1');
    await page.goto('/notifications');
    await said('Ben follows you.').waitFor();
    await badge(page).waitFor({ state: 'detached' });
    // Not by color alone: there is a word.
    assert.match(await unread(page).innerText(), /New/);

    await asks(server, cleo, 'POST', '/friend-requests', { to: 'ada' });
    await said('Cleo would like to be friends.').waitFor();
    await until('newest first', () => page.locator('.row-notice').first().innerText(), (text) => text.includes('Cleo'));
    await until('all is read', async () => (await asks(server, ada, 'GET', '/notifications')).unread, (count) => count === 0);

    await until('it listens', () => sockets.size, (size) => size === 1);
    relay.cut();
    await until('the connection is lost', () => sockets.size, (size) => size === 0);
    await asks(server, dora, 'PUT', '/me/following/ada');
    relay.mend();
    await said('Dora follows you.').waitFor();
    await until('it listens again', () => sockets.size, (size) => size === 1);
    // A page that goes takes with it what it was about to say.
    await until('that is read too', async () => (await asks(server, ada, 'GET', '/notifications')).unread, (count) => count === 0);
    await page.reload();
    await said('Dora follows you.').waitFor();
    await until('all is old news', () => unread(page).count(), (count) => count === 0);
  },
  { env: DEVELOPMENT, complaints: [/WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource/] },
);

scenario(
  "in a call, the call's own socket tells",
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const { id } = await server.createRoom();
    const adas = await stage.person('Ada');
    const sockets = watchSockets(adas.page);
    await enter(adas, ada, `/room/${id}`);
    await adas.page.getByRole('button', { name: 'Join' }).click();
    await adas.ownTile().waitFor();
    await until('no socket besides the call', () => sockets.size, (size) => size === 0);
    await asks(server, ben, 'PUT', '/me/following/ada');
    await adas.page.locator('.toast').getByText('Ben follows you.').waitFor();
    assert.equal(sockets.size, 0);
    await adas.button('Leave').click();
    await until('afterwards it listens again', () => sockets.size, (size) => size === 1);
  },
  { env: DEVELOPMENT },
);
