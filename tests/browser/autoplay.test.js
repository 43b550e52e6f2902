// Browsers let no sound out before somebody has touched the page. The player and a room's soundtrack say so and wait for a tap.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { playlist } from './harness/playlists.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';
import { untouched } from './harness/untouched.js';

const LISTEN = '[data-part="listen"]';
const HEAR = '.soundtrack-hear';

/** Before the page's own code: something plays as soon as the page is there, though nobody asked for it. */
const playsAtOnce = () =>
  addEventListener('load', async () => {
    const { player } = await import('/static/js/player/player.js');
    const preview = { tempo: 120, pitch: 4, minor: false, energy: 0.7, valence: 0.8, genre: 'pop', seed: 1, seconds: 60 };
    player.play([{ id: 'one', title: { ko: '첫 빛', en: 'First light' }, artist: { ko: '가수', en: 'Singer' }, source: 'catalog', preview }]);
  });
const playing = `import('/static/js/player/player.js').then(({ player: { value, position } }) => ({ playing: value.playing, blocked: value.blocked, position }))`;

scenario('a player that the browser holds back says so, and plays after one tap', async (stage) => {
  for (const [name, settings, word] of [
    ['Ada', {}, 'Tap to listen'],
    ['Eun', { viewport: PHONE, context: { locale: 'ko-KR', colorScheme: 'dark' } }, '눌러서 듣기'],
  ]) {
    const person = await stage.person(name, { browser: await stage.browser({ silent: true }), before: [playsAtOnce], ...settings });
    const { look, place, click } = await untouched(person.page);
    await person.page.goto('/rooms', { waitUntil: 'commit' });
    await place(LISTEN);
    assert.equal(await look(`document.querySelector('${LISTEN}').textContent.trim()`), word);
    assert.deepEqual(await look(playing), { playing: false, blocked: true, position: 0 }, 'it does not pretend to play');
    await click(LISTEN);
    await until('it plays', () => look(playing), (now) => now.playing && !now.blocked && now.position > 0.3);
    assert.equal(await look(`document.querySelector('${LISTEN}')`), null);
    assert.equal(await look('document.activeElement.dataset.part'), 'play', 'the keyboard goes on from there');
  }
});

scenario(
  'who comes into a room with a soundtrack before touching the page is offered a tap, and then hears it where the others are',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    await playlist(server, ada, { title: 'Night drive' });
    const { id: room } = await asks(server, ada, 'POST', '/rooms', { capacity: 3, visibility: 'link' });
    const adas = await stage.person('Ada');
    await enter(adas, ada, `/room/${room}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    await adas.button('Choose a soundtrack').click();
    await adas.page.getByRole('button', { name: /Night drive/ }).click();
    const heard = `document.querySelector('mc-soundtrack').heard`;
    await until('Ada hears it', () => adas.page.evaluate(heard), (ms) => ms > 0);

    // Who only listens: a page that hears a microphone may make sounds as well.
    const bens = await stage.person('Ben', { browser: await stage.browser({ silent: true, asks: true }), allow: ['clipboard-read'], viewport: PHONE });
    await enter(bens, ben);
    // Straight in, as after a call that was accepted on another page: a tab that nobody has touched.
    const tab = await bens.context.newPage();
    await tab.addInitScript((id) => sessionStorage.setItem(`moodcall.enter.${id}`, '{"camera":false}'), room);
    const { look, place, click } = await untouched(tab);
    await tab.goto(`/room/${room}`, { waitUntil: 'commit' });
    await place(HEAR);
    assert.equal(await look(heard), null, 'nothing is heard');
    await click(HEAR);
    const both = async () => Promise.all([adas.page.evaluate(heard), look(heard)]);
    await until('Ben hears the same', both, ([here, there]) => there !== null && Math.abs(here - there) < 500);
    assert.equal(await look(`document.querySelector('${HEAR}')`), null);
    assert.equal(await look('document.activeElement.dataset.part'), 'mute');
    const waits = `document.querySelectorAll('.toasts .toast').length + [...document.querySelectorAll('mc-tile:not([data-own]) video')].filter((video) => video.paused).length`;
    await until('one tap is enough for the voices, too', () => look(waits), (count) => count === 0);
    await isFit({ page: tab }, 'the call after the tap', ['serious', 'critical']);
    await fitsTheWidth({ page: tab }, 'the call after the tap');
  },
  { env: DEVELOPMENT },
);
