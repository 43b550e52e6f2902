// One sentence in the evening, one word after a call; and both only when somebody wants to.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const question = (person) => person.page.getByRole('heading', { name: 'How was your day?' });
const ready = (person) => person.page.locator('mc-shelves .shelf').first().waitFor();

/** Where it is about so late now, as a fixed distance from UTC (their signs are the other way round). */
function zoneWhere(hour) {
  const east = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${east <= 0 ? '+' : '-'}${Math.abs(east)}`;
}

scenario(
  'in the evening one is asked for a sentence; "not today" is heard until tomorrow, by this person alone',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const context = { timezoneId: zoneWhere(20) };
    const adas = await stage.person('Ada', { context });
    await enter(adas, ada, '/');
    await question(adas).waitFor();
    await adas.button('Not today').click();
    await question(adas).waitFor({ state: 'detached' });
    await adas.page.reload();
    await ready(adas);
    assert.equal(await question(adas).count(), 0, 'not after a reload');
    // On the same browser, somebody else is asked.
    await enter(adas, ben, '/');
    await question(adas).waitFor();
    await adas.page.clock.install({ time: Date.now() + 24 * 3_600_000 });
    await enter(adas, ada, '/');
    await question(adas).waitFor();
  },
  { env: DEVELOPMENT },
);

scenario(
  'one sentence about the day becomes a playlist; in the morning nobody is asked',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const adas = await stage.person('Ada', { context: { timezoneId: zoneWhere(20) } });
    const early = await stage.person('Early', { context: { timezoneId: zoneWhere(9) } });
    await enter(early, ada, '/');
    await ready(early);
    assert.equal(await question(early).count(), 0);
    await enter(adas, ada, '/');
    await adas.page.getByRole('textbox', { name: 'How was your day?' }).fill('Long, but I laughed out loud again');
    await adas.button('Make it').click();
    await adas.page.getByText('Here is your playlist').waitFor();
    const { items } = await asks(server, ada, 'GET', '/me/playlists');
    assert.equal(items.length, 1);
    assert.equal(items[0].genre, 'pop', 'of the genres of the profile');
    await adas.page.goto('/');
    await ready(adas);
    assert.equal(await question(adas).count(), 0, 'answered for today');
    await adas.page.goto('/event');
    await adas.page.getByRole('heading', { level: 1, name: 'How was your day?' }).waitFor();
    assert.equal(await adas.page.getByRole('textbox', { name: 'How was your day?' }).inputValue(), '', 'the sentence is used up');
  },
  { env: DEVELOPMENT },
);

scenario(
  'after a call one word is brought to a playlist, and nothing is sent before it is pressed',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const { link } = await server.createRoom();
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/');
    /** @type {unknown[]} */
    const sent = [];
    adas.page.on('request', (request) => {
      if (request.url().includes('playlist-generations') && request.method() === 'POST') sent.push(request.postDataJSON());
    });
    await adas.join(link);
    await adas.button('Leave').click();
    await adas.page.getByRole('heading', { name: 'Take the mood of this call along as songs?' }).waitFor();
    assert.deepEqual(sent, []);
    await adas.page.locator('mc-bring').getByRole('button', { name: 'Happiness' }).click();
    await adas.page.getByText('Here is your playlist').waitFor();
    assert.deepEqual(sent, [{ kind: 'call', mood: 'happiness' }], 'one word');
    const { items } = await asks(server, ada, 'GET', '/me/playlists');
    assert.equal(items[0].mood, 'happiness');

    const guest = await stage.person('Guest');
    await guest.join(link);
    await guest.button('Leave').click();
    await guest.page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await guest.page.locator('.bring').count(), 0, 'nobody without an account is asked');
    await until('nothing else is sent', () => sent.length, (count) => count === 1);
  },
  { env: DEVELOPMENT },
);
