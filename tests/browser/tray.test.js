// The tray of a call: whoever has an account saves, posts or puts away, and the picture stays in the gallery; a guest saves.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const tray = (person) => person.page.locator('.tray .still');
const toasts = (person) => person.page.locator('mc-toasts .toast');

scenario(
  'a still that is put away stays in the gallery until it is deleted there too, which can be undone; a guest can only save',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Tea at five', visibility: 'link' });
    const [adas, guest] = [await stage.person('Ada', { viewport: PHONE }), await stage.person('Gus')];
    await enter(adas, ada, `/room/${id}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    await guest.join(`/room/${id}`);
    await Promise.all([adas.sees('Gus'), guest.sees('Ada')]);

    for (const person of [adas, guest]) {
      await person.button('Take a still').click();
      await tray(person).locator('img').waitFor();
      assert.equal(await tray(person).getByRole('link', { name: 'Save' }).getAttribute('download').then(Boolean), true);
    }
    assert.equal(await tray(guest).getByRole('link', { name: 'Post' }).count(), 0);
    await tray(guest).getByRole('button', { name: 'Discard' }).click();
    await tray(guest).waitFor({ state: 'detached' });
    assert.equal(await toasts(guest).count(), 0, 'there is no gallery to speak of');

    await fitsTheWidth(adas, 'the tray');
    await isFit(adas, 'the tray', ['serious', 'critical']);
    const kept = async () => (await asks(server, ada, 'GET', '/me/stills')).items.length;
    await tray(adas).getByRole('button', { name: 'Discard' }).focus();
    await adas.page.keyboard.press('Enter');
    await tray(adas).waitFor({ state: 'detached' });
    await until('the keyboard goes on from where it was', () => adas.page.evaluate(() => document.activeElement?.id), (id) => id === 'take-still');
    await toasts(adas).getByText('It is still in your gallery.').waitFor();
    assert.equal(await kept(), 1);
    await toasts(adas).getByRole('button', { name: 'Delete it there too' }).click();
    await toasts(adas).getByRole('button', { name: 'Undo' }).click();
    await tray(adas).waitFor();
    await tray(adas).getByRole('button', { name: 'Discard' }).click();
    await toasts(adas).getByRole('button', { name: 'Delete it there too' }).click();
    adas.page.once('dialog', (dialog) => dialog.accept());
    await adas.page.goto('/gallery');
    await until('it is gone there too', kept, (count) => count === 0);
  },
  { env: DEVELOPMENT },
);

scenario(
  'a guest in the picture cannot be asked: the editor says so, keeps what was written, and a reload brings nothing twice',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Tea at five', visibility: 'link' });
    const [adas, guest] = [await stage.person('Ada'), await stage.person('Gus')];
    await enter(adas, ada, `/room/${id}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    await guest.join(`/room/${id}`);
    await adas.sees('Gus');
    await adas.button('Take a still').click();
    const [editor] = await Promise.all([adas.context.waitForEvent('page'), tray(adas).getByRole('link', { name: 'Post' }).click()]);
    await editor.locator('.picked').getByText('Gus has no account and cannot be asked, so').waitFor();
    await isFit({ page: editor }, 'the editor with a still');
    await editor.getByLabel('Title', { exact: true }).fill('Not yet');
    await editor.getByText('Draft kept in this browser').waitFor();
    await editor.reload();
    await editor.locator('.picked .still-people').waitFor();
    assert.equal(await editor.locator('.picked').count(), 1);
    assert.equal(await editor.getByLabel('Title', { exact: true }).inputValue(), 'Not yet');
    assert.equal(await adas.ownTile().count(), 1, 'the call goes on beside it');
  },
  { env: DEVELOPMENT },
);
