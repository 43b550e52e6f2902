// What goes wrong with browsers and networks, and how a call comes through it.

import assert from 'node:assert/strict';

import { scenario } from './harness/scenario.js';
import { assertSmooth } from './harness/smooth.js';
import { until } from './harness/until.js';

/** A lost socket shows within this. */
const AWAY_MS = 3_000;
/** Chromium's own words about a connection that the test took away. */
const LOST = [/WebSocket connection to .* failed/, /Failed to load resource/, /net::ERR_/];

const away = (viewer, name) => viewer.page.locator(`[data-participant][data-away]`).filter({ hasText: name });

scenario('a browser killed in mid-call is away within three seconds, and the other one goes on', async (stage) => {
  const { link } = await stage.server.createRoom();
  const doomed = await stage.browser();
  const ada = await stage.person('Ada', { browser: doomed });
  const ben = await stage.person('Ben');
  await ada.join(link);
  await ben.join(link);
  await ben.sees('Ada');
  const killed = Date.now();
  await doomed.kill();
  await away(ben, 'Ada').waitFor({ timeout: AWAY_MS });
  stage.t.diagnostic(`away after ${Date.now() - killed} ms`);
  // The seat is kept, so nobody else gets in meanwhile.
  const room = await (await fetch(`${stage.server.url}/api/v1/rooms/${link.split('/').pop()}`)).json();
  assert.equal(room.participants, 2);
  assert.equal(await ben.ownTile().count(), 1);
});

scenario(
  'a cut socket is shown, the media goes on through it, and the seat is taken back',
  async (stage) => {
    const { link } = await stage.server.createRoom();
    const relay = await stage.relay();
    const ada = await stage.person('Ada', { origin: relay.url });
    const ben = await stage.person('Ben');
    await ada.join(link);
    await ben.join(link);
    await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
    const seat = await ada.ownTile().getAttribute('data-participant');

    const before = await ben.received('Ada');
    relay.cut();
    await away(ben, 'Ada').waitFor({ timeout: AWAY_MS });
    assertSmooth(before, await ben.sees('Ada', 60), 'the socket was gone');
    relay.mend();

    await away(ben, 'Ada').waitFor({ state: 'detached' });
    await ada.told('to be back', (message) => message.type === 'welcome' && message.resumed);
    assert.equal(await ada.ownTile().getAttribute('data-participant'), seat, 'the same seat');
    await ada.button('Chat').click();
    await ada.page.locator('#panel').getByRole('textbox').fill('back again');
    await ada.page.keyboard.press('Enter');
    await ben.told('something', (message) => message.type === 'chat' && message.text === 'back again');
    await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
  },
  { complaints: LOST },
);

scenario('a reloaded page takes its seat back without asking again', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  await ada.join(link);
  await ben.join(link);
  await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
  const seat = await ada.ownTile().getAttribute('data-participant');

  await ada.page.reload();
  await ada.ownTile().waitFor();
  assert.equal(await ada.ownTile().getAttribute('data-participant'), seat, 'the same seat');
  await Promise.all([ada.sees('Ben', 30), ben.sees('Ada', 30)]);
  await Promise.all([ada.hears('Ben'), ben.hears('Ada')]);
  assert.equal(await ben.page.locator('[data-participant]').count(), 2);
});

scenario('an effect survives a reload', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  await ada.join(link);
  await ben.join(link);
  await ben.sees('Ada');
  await ada.choose('Golden hour');
  await ben.told('the scene is on', (message) => message.type === 'effects' && message.effects.mode === 'scene');
  await ada.page.reload();
  await ada.ownTile().waitFor();
  await ben.sees('Ada', 30);
  const [own] = await until(
    'the roster says the effect',
    () => ada.heard.filter((message) => message.type === 'roster').at(-1)?.participants.filter((one) => one.name === 'Ada'),
    (found) => found?.length === 1,
  );
  assert.equal(own.effects.mode, 'scene');
});

scenario(
  'an effect that was switched off while nobody heard it stays off after a reload',
  async (stage) => {
    const { link } = await stage.server.createRoom();
    const relay = await stage.relay();
    const [ada, ben] = [await stage.person('Ada', { origin: relay.url }), await stage.person('Ben')];
    await ada.join(link);
    await ben.join(link);
    await ben.sees('Ada');
    await ada.choose('Golden hour');
    await ben.told('the scene is on', (message) => message.type === 'effects' && message.effects.mode === 'scene');
    relay.cut();
    await ada.choose('Off');
    const room = ada.page.url();
    await ada.page.goto('about:blank');
    relay.mend();
    await ada.page.goto(room);
    await ada.ownTile().waitFor();
    await ben.told('the scene is off', (message) => message.type === 'effects' && message.effects.mode === 'off');
  },
  // An empty page has no storage for the harness's own scripts.
  { complaints: [...LOST, /'localStorage' property/] },
);

scenario('an effect that the server ended is shown as off, and can be chosen again', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  let say;
  await ada.page.routeWebSocket(/socket/, (socket) => {
    socket.connectToServer();
    say = (message) => socket.send(JSON.stringify(message));
  });
  await ada.join(link);
  await ben.join(link);
  await ben.sees('Ada');
  await ada.choose('Golden hour');
  const scenes = () => ben.heard.filter((message) => message.type === 'effects' && message.effects.mode === 'scene').length;
  await until('the scene is on', scenes, (count) => count === 1);
  say({ type: 'effects', participant: await ada.ownTile().getAttribute('data-participant'), effects: { mode: 'off' } });
  say({ type: 'error', code: 'filter-unavailable', detail: 'a take has failed' });
  await ada.page.locator('button.choice[aria-pressed="true"][aria-label="Off"]').waitFor();
  await ada.page.locator('.toast').first().waitFor();
  await ada.choose('Golden hour');
  await until('the server was asked again', scenes, (count) => count === 2);
});

scenario('a restarted ICE keeps the picture moving', async (stage) => {
  const { link } = await stage.server.createRoom();
  const [ada, ben] = [await stage.person('Ada'), await stage.person('Ben')];
  await ada.join(link);
  await ben.join(link);
  const before = await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
  await ada.page.evaluate(() => globalThis.testConnections.at(-1).restartIce());
  const after = await Promise.all([ada.sees('Ben', 90), ben.sees('Ada', 90)]);
  before.forEach((seen, side) => assertSmooth(seen, after[side], 'ICE was restarted'));
});
