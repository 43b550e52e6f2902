// Changing a room: what was typed and not saved is there again after a reload, until it is saved or thrown away.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { fitsTheWidth, isFit, PHONE } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const title = (person) => person.page.getByLabel('What it is called');
const about = (person) => person.page.getByLabel('What it is for');
const restored = (person) => person.page.getByText('These are changes that you began earlier');
const tags = (person) => person.page.locator('.chosen-tags li span:first-child').allInnerTexts();
const kept = (person) => person.page.evaluate(() => Object.keys(localStorage).filter((key) => /draft\..*\.room\./.test(key)).length);

scenario(
  'unsaved changes of a room outlive a reload, do not undo what was changed elsewhere, and can be thrown away',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Tea at five', description: 'Bring a mug.', visibility: 'friends', tags: ['tea'] });
    const room = () => asks(server, ada, 'GET', `/rooms/${id}`);
    const adas = await stage.person('Ada', { viewport: PHONE });
    await enter(adas, ada, `/rooms/${id}/edit`);
    await title(adas).waitFor();
    assert.equal(await restored(adas).count(), 0);
    assert.equal(await kept(adas), 0, 'nothing was changed, so nothing is kept');
    await about(adas).fill('Bring two mugs.');
    await adas.page.getByLabel('Tags', { exact: true }).pressSequentially('비오는날 ');
    await adas.page.reload();
    await restored(adas).waitFor();
    assert.equal(await about(adas).inputValue(), 'Bring two mugs.');
    assert.deepEqual(await tags(adas), ['#tea', '#비오는날']);
    await isFit(adas, 'the restored changes');
    await fitsTheWidth(adas, 'the restored changes');

    // Meanwhile, elsewhere, something else is changed: that stays.
    await asks(server, ada, 'PATCH', `/rooms/${id}`, { title: 'Tea at six' });
    await adas.page.reload();
    await restored(adas).waitFor();
    assert.equal(await title(adas).inputValue(), 'Tea at six');
    await adas.button('Save').click();
    await adas.page.locator('.room-card').getByRole('heading', { name: 'Tea at six' }).waitFor();
    const now = await room();
    assert.deepEqual([now.title, now.description, [...now.tags].sort()], ['Tea at six', 'Bring two mugs.', ['tea', '비오는날'].sort()]);
    assert.equal(await kept(adas), 0, 'what is saved is no draft any more');

    await adas.page.goto(`/rooms/${id}/edit`);
    await title(adas).fill('Nobody shall see this');
    await adas.page.reload();
    await adas.button('Forget them').click();
    await until('as it is', () => title(adas).inputValue(), (text) => text === 'Tea at six');
    assert.equal(await kept(adas), 0);
    await adas.page.reload();
    await title(adas).waitFor();
    assert.equal(await title(adas).inputValue(), 'Tea at six');
    assert.equal((await room()).title, 'Tea at six');
  },
  { env: DEVELOPMENT },
);
