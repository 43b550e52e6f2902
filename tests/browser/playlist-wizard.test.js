// From a mood to a playlist that plays: three questions, the making, what came of it.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const bar = (person) => person.page.getByRole('region', { name: 'Player' });

scenario(
  'three questions by the keyboard alone become a playlist that plays',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/');
    await adas.page.locator('mc-shelves').getByRole('link', { name: 'Make your first one' }).click();
    await heading(adas, 'How do you feel right now?').waitFor();
    const { keyboard } = adas.page;
    await keyboard.press('Enter');
    await adas.page.getByText('A word about how you feel, please.').waitFor();
    await keyboard.type('비 오는 밤, 조금 쓸쓸하지만 포근해');
    await adas.page.getByText('20 / 100').waitFor();
    await keyboard.press('Enter');
    await heading(adas, 'What kind of music?').waitFor();
    await adas.page.getByRole('radio', { name: 'Pop', exact: true, checked: true }).waitFor();
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await heading(adas, 'From which years?').waitFor();

    // A reload, and the way back, find everything as it was.
    await adas.page.reload();
    await heading(adas, 'From which years?').waitFor();
    await adas.page.goBack();
    await heading(adas, 'What kind of music?').waitFor();
    assert.equal(await adas.page.getByRole('radio', { name: 'K-pop' }).isChecked(), true);
    await adas.page.goBack();
    await heading(adas, 'How do you feel right now?').waitFor();
    assert.equal(await adas.page.getByLabel('How do you feel right now?').inputValue(), '비 오는 밤, 조금 쓸쓸하지만 포근해');
    await keyboard.press('Enter');
    await heading(adas, 'What kind of music?').waitFor();
    await keyboard.press('Enter');
    await heading(adas, 'From which years?').waitFor();
    await keyboard.press('Enter');

    await adas.page.getByText('Here is your playlist').waitFor();
    const songs = adas.page.locator('.summary .song');
    const count = await songs.count();
    assert.ok(count >= 7 && count <= 10, `${count} songs`);
    assert.equal(new Set(await songs.allInnerTexts()).size, count, 'none of them twice');
    await adas.page.locator('.summary .cover img').evaluate((image) => image.decode());
    await adas.page.getByText('Songs and words were picked by').waitFor();
    const { items } = await asks(server, ada, 'GET', '/me/playlists');
    assert.equal(items.length, 1);
    assert.equal(items[0].is_public, false, 'nobody else sees it yet');
    assert.equal(items[0].genre, 'k-pop');
    await adas.page.getByRole('switch').click();
    await until('everybody sees it', async () => (await asks(server, ada, 'GET', `/playlists/${items[0].id}`)).is_public, Boolean);

    await adas.page.getByRole('link', { name: 'OK, keep it' }).click();
    await heading(adas, items[0].title).waitFor();
    // What stands below a button that moves while it is pressed gets nothing, and neither does the button.
    await adas.page.locator('mc-track-list .song').first().waitFor();
    await adas.button('Play all').click();
    await bar(adas).waitFor();
    const position = () => adas.page.evaluate(() => import('/static/js/player/player.js').then(({ player }) => player.position));
    await until('it sounds', position, (at) => at > 0.5);
    await adas.page.locator('mc-track-list .song[aria-current="true"]').waitFor();
    await adas.page.goto('/playlists/new');
    assert.equal(await adas.page.getByLabel('How do you feel right now?').inputValue(), '', 'what was said has become a playlist');
  },
  { env: DEVELOPMENT },
);

scenario(
  'making is seen over a reload, can be stopped, and keeps what was answered',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const adas = await stage.person('Ada');
    await enter(adas, ada, '/playlists/new');
    // The network is slow to say that it is done; the server is not.
    const held = await hold(adas.page, '**/playlist-generations/*/events');
    await adas.page.route('**/api/v1/playlist-generations/*', async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const answer = await route.fetch();
      const body = await answer.json();
      return route.fulfill({ response: answer, json: { ...body, status: 'running', step: 'songs', progress: 0.2, playlist_id: null } });
    });
    await adas.page.getByLabel('How do you feel right now?').fill('Wide awake at three');
    for (const name of ['Next', 'Next', 'Make it']) await adas.button(name).click();
    await heading(adas, 'Making your playlist').waitFor();
    await adas.page.getByRole('status').getByText('Picking the songs').waitFor();
    assert.match(adas.page.url(), /\/playlists\/making\/[0-9a-f-]{36}$/);
    await adas.page.reload();
    await adas.page.getByRole('status').getByText('Picking the songs').waitFor();
    await adas.button('Cancel').click();
    await heading(adas, 'How do you feel right now?').waitFor();
    assert.equal(await adas.page.getByLabel('How do you feel right now?').inputValue(), 'Wide awake at three');
    await held.release();
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource|ERR_FAILED/] },
);

/** Lets no answer to an address through until it is released. */
async function hold(page, address) {
  /** @type {import('playwright-core').Route[]} */
  const routes = [];
  await page.route(address, (route) => void routes.push(route));
  return { release: () => Promise.all(routes.map((route) => route.abort().catch(() => {}))) };
}

scenario(
  'a playlist is made by hand, in Korean',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada', { language: 'ko' });
    const adas = await stage.person('Ada', { context: { locale: 'ko-KR' } });
    await enter(adas, ada, '/playlists/new');
    await heading(adas, '지금 어떤 기분인가요?').waitFor();
    await adas.page.getByRole('link', { name: '직접 빈 플레이리스트 만들기' }).click();
    await adas.page.getByLabel('제목').fill('퇴근길에 듣는 노래');
    await adas.page.getByRole('switch').click();
    await adas.button('만들고 곡 담기').click();
    await heading(adas, '‘퇴근길에 듣는 노래’ 수정').waitFor();
    await adas.page.getByText('아직 담긴 곡이 없어요. 아래에서 찾아 담아 보세요.').waitFor();
    const { items } = await asks(server, ada, 'GET', '/me/playlists');
    assert.deepEqual(items.map(({ title, is_public: open, song_count: count }) => [title, open, count]), [['퇴근길에 듣는 노래', false, 0]]);
  },
  { env: DEVELOPMENT },
);
