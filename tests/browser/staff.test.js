// Staff read what was reported, decide, and everything stands in the log; nobody else sees anything of it.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { appoint } from './harness/staff.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const dialog = (person) => person.page.locator('dialog[open]');

scenario(
  'a report is decided on, with what follows from it, and whoever is suspended only looks',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo] = await Promise.all(['ada', 'ben', 'cleo'].map((handle) => account(server, handle)));
    await appoint(server, 'ada');
    const post = await asks(server, ben, 'POST', '/posts', { title: 'Buy this', body: 'Cheap!' });
    await asks(server, cleo, 'POST', '/reports', { subject: { kind: 'post', id: post.id }, reason: 'spam', note: 'The third one.' });
    await asks(server, cleo, 'POST', '/reports', { subject: { kind: 'user', id: ben.id }, reason: 'other' });

    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada);
    await adas.page.locator('.own').click();
    await adas.page.getByRole('link', { name: 'Staff' }).click();
    await adas.page.locator('.queues [data-waits]').filter({ hasText: 'Open reports' }).waitFor();
    await adas.page.getByRole('link', { name: 'Reports' }).click();
    const found = adas.page.locator('.case').filter({ hasText: 'The third one.' });
    await found.getByText('Buy this').waitFor();
    await found.getByRole('button', { name: 'Decide' }).click();
    await dialog(adas).getByRole('button', { name: 'Close the report' }).click();
    await dialog(adas).getByText('Choose one of the two.').waitFor();
    await dialog(adas).getByLabel('It is right').check();
    await dialog(adas).getByLabel('Ben may only look for a while').check();
    await dialog(adas).getByLabel('Why').fill('Advertising.');
    await dialog(adas).getByRole('button', { name: 'Close the report' }).click();
    await found.waitFor({ state: 'detached' });
    await adas.page.locator('.case').getByRole('button', { name: 'Decide' }).click();
    await dialog(adas).getByLabel('Nothing is wrong').check();
    await dialog(adas).getByRole('button', { name: 'Close the report' }).click();
    await adas.page.getByText('No report waits. Well done.').waitFor();
    await adas.page.goto('/admin/log');
    await adas.page.locator('.act').first().waitFor();
    const acts = await adas.page.locator('.act b').allInnerTexts();
    assert.deepEqual(acts, ['Dismissed a report', 'Upheld a report', 'Let somebody look only', 'Hid a post', 'Made somebody staff']);

    await enter(bens, ben, `/posts/${post.id}`);
    await heading(bens, 'This post is not here').waitFor();
    await bens.page.goto('/posts/new');
    await bens.page.getByLabel('Title', { exact: true }).fill('Once more');
    await bens.page.getByLabel('Text', { exact: true }).fill('…');
    await bens.button('Post').click();
    await bens.page.getByRole('alert').getByText('you can only look').waitFor();
    await adas.page.goto('/admin');
    await adas.page.getByRole('listitem').filter({ hasText: 'Covers by a model' }).getByText('The drawing program does it.').waitFor();
    await adas.page.getByLabel('Handle').fill('@ben');
    await adas.button('Let them write again').click();
    await adas.page.locator('.toast').getByText('@ben may write again.').waitFor();
    await bens.button('Post').click();
    await heading(bens, 'Once more').waitFor();
    await bens.page.goto('/admin');
    await heading(bens, 'Nothing is here').waitFor();
  },
  { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
);

scenario(
  'staff see what was reported in its place, take back what they did, and delete a tag',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo] = await Promise.all(['ada', 'ben', 'cleo'].map((handle) => account(server, handle)));
    await appoint(server, 'ada');
    const post = await asks(server, ben, 'POST', '/posts', { title: 'Buy this', body: 'Cheap!', tags: ['cheap'] });
    const first = await asks(server, cleo, 'POST', `/posts/${post.id}/comments`, { body: 'Is it?' });
    const reply = await asks(server, ben, 'POST', `/posts/${post.id}/comments`, { body: 'You are a fool.', parent_id: first.id });
    await asks(server, cleo, 'POST', '/reports', { subject: { kind: 'comment', id: reply.id }, reason: 'harassment' });
    await asks(server, cleo, 'POST', '/reports', { subject: { kind: 'post', id: post.id }, reason: 'spam' });

    const adas = await stage.person('Ada');
    await enter(adas, ada, '/admin/reports');
    await adas.page.locator('.case').filter({ hasText: 'A comment' }).getByRole('button', { name: 'Look' }).click();
    const led = adas.page.locator('mc-led-to');
    await led.getByText('You are a fool.').waitFor();
    await led.getByText('Is it?').waitFor();
    await isFit(adas, 'a comment that was looked for');

    const [found] = (await asks(server, ada, 'GET', '/admin/reports?status=open')).items.filter(({ subject }) => subject.kind === 'post');
    await asks(server, ada, 'POST', `/admin/users/${ben.id}/actions`, { action: 'hide-post', id: post.id });
    await asks(server, ada, 'POST', `/admin/users/${ben.id}/actions`, { action: 'suspend', days: 7 });
    await asks(server, ada, 'PATCH', `/admin/reports/${found.id}`, { status: 'upheld' });
    await adas.page.goto('/admin/reports?status=upheld');
    await adas.button('Take something back').click();
    await adas.page.locator('.menu:popover-open').getByText('Show the post again').click();
    await adas.page.locator('.toast').getByText('The post is shown again.').waitFor();
    await asks(server, cleo, 'GET', `/posts/${post.id}`);
    await adas.button('Take something back').click();
    await adas.page.locator('.menu:popover-open').getByText('Show the post again').click();
    await adas.page.locator('.toast').getByText('There is nothing to take back.').waitFor();

    await adas.page.goto('/admin/log');
    await adas.page.locator('.act').filter({ hasText: 'Let somebody look only' }).getByRole('button', { name: 'Let them write again' }).click();
    await adas.page.locator('.act').filter({ hasText: 'Let somebody write again' }).waitFor();
    await asks(server, ben, 'POST', '/posts', { title: 'Sorry', body: '…' });

    await adas.page.goto('/tags/cheap');
    await adas.button('More about #cheap').click();
    await adas.page.locator('.menu:popover-open').getByText('Delete this tag').click();
    await dialog(adas).getByRole('button', { name: 'Delete this tag' }).click();
    await adas.page.getByText('Nobody has used #cheap yet.').waitFor();
    assert.deepEqual((await asks(server, ben, 'GET', `/posts/${post.id}`)).tags, []);
  },
  { env: DEVELOPMENT, complaints: [/404/] },
);

scenario(
  'a room and a playlist are reported where they are seen, and staff end the one and hide the other, which can be shown again',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo] = await Promise.all(['ada', 'ben', 'cleo'].map((handle) => account(server, handle)));
    await appoint(server, 'ada');
    const room = await asks(server, ben, 'POST', '/rooms', { title: 'Cheap watches', visibility: 'open' });
    const playlist = await asks(server, ben, 'POST', '/playlists', { title: 'Buy records' });
    const [adas, bens, cleos] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
    await enter(bens, ben, `/room/${room.id}`);
    await bens.button('Join').waitFor();
    assert.equal(await bens.button('Report this room').count(), 0, 'it is his own');
    await bens.button('Join').click();
    await bens.ownTile().waitFor();

    const tell = async () => {
      await dialog(cleos).getByLabel('Spam or a swindle').check();
      await dialog(cleos).getByRole('button', { name: 'Send the report' }).click();
      await cleos.page.locator('.toast').getByText('Thank you. The staff will look at it.').waitFor();
    };
    await enter(cleos, cleo, '/rooms');
    await cleos.button('More about Cheap watches').click();
    await cleos.page.locator('.menu:popover-open').getByText('Report this room').click();
    await tell();
    await cleos.page.goto(`/room/${room.id}`);
    await cleos.button('Report this room').click();
    await dialog(cleos).waitFor();
    await isFit(cleos, 'the report of a room');
    await tell();
    await asks(server, cleo, 'POST', '/reports', { subject: { kind: 'playlist', id: playlist.id }, reason: 'spam' });

    await enter(adas, ada, '/admin/reports');
    const uphold = async (kind, measure) => {
      await adas.page.locator('.case').filter({ hasText: `${kind} ·` }).getByRole('button', { name: 'Decide' }).click();
      await dialog(adas).getByLabel('It is right').check();
      assert.equal(await dialog(adas).getByLabel(measure).isChecked(), true);
      await dialog(adas).getByRole('button', { name: 'Close the report' }).click();
      await adas.page.locator('.case').filter({ hasText: `${kind} ·` }).waitFor({ state: 'detached' });
    };
    await uphold('A room', 'Delete the room and end its call');
    await heading(bens, 'This room is not there').waitFor();
    await uphold('A playlist', 'Hide the playlist from everybody');
    await cleos.page.goto(`/playlists/${playlist.id}`);
    await heading(cleos, 'This playlist is not here').waitFor();

    await adas.page.goto('/admin/reports?status=upheld');
    const hidden = adas.page.locator('.case').filter({ hasText: 'Buy records' });
    await hidden.getByRole('button', { name: 'Take something back' }).click();
    await adas.page.locator('.menu:popover-open').getByText('Show the playlist again').click();
    await adas.page.locator('.toast').getByText('The playlist is shown again.').waitFor();
    await cleos.page.reload();
    await heading(cleos, 'Buy records').waitFor();
    await adas.page.goto('/admin/log');
    await adas.page.locator('.act').first().waitFor();
    const acts = (await adas.page.locator('.act b').allInnerTexts()).filter((act) => act !== 'Upheld a report');
    assert.deepEqual(acts, ['Showed a playlist again', 'Hid a playlist', 'Deleted a room', 'Made somebody staff']);
  },
  { env: DEVELOPMENT, complaints: [/404/] },
);

scenario(
  'a room that a guest made is ended from its report, though there is nobody to suspend',
  async (stage) => {
    const { server } = stage;
    const [ada, cleo] = await Promise.all(['ada', 'cleo'].map((handle) => account(server, handle)));
    await appoint(server, 'ada');
    const { link } = await server.createRoom();
    const [adas, cleos, guest] = [await stage.person('Ada'), await stage.person('Cleo'), await stage.person('Guest')];
    await guest.join(link);
    await enter(cleos, cleo, new URL(link, server.url).pathname);
    await cleos.button('Report this room').click();
    await dialog(cleos).getByLabel('Spam or a swindle').check();
    await dialog(cleos).getByRole('button', { name: 'Send the report' }).click();
    await cleos.page.locator('.toast').getByText('Thank you. The staff will look at it.').waitFor();
    await enter(adas, ada, '/admin/reports');
    await adas.button('Decide').click();
    await dialog(adas).getByLabel('It is right').check();
    assert.equal(await dialog(adas).getByLabel('Delete the room and end its call').isChecked(), true);
    assert.equal(await dialog(adas).getByRole('checkbox').count(), 1);
    await isFit(adas, 'the verdict on a guest’s room');
    await dialog(adas).getByRole('button', { name: 'Close the report' }).click();
    await heading(guest, 'This room is not there').waitFor();
    await adas.page.getByText('No report waits. Well done.').waitFor();
  },
  { env: DEVELOPMENT },
);

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `the pages of staff are fit for everybody, ${colorScheme}`,
    async (stage) => {
      const { server } = stage;
      const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
      await appoint(server, 'ada');
      await asks(server, ben, 'POST', '/reports', { subject: { kind: 'user', id: ada.id }, reason: 'privacy', note: 'https://example.org/'.repeat(10) });
      const adas = await stage.person('Ada', { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce' } });
      await enter(adas, ada);
      for (const address of ['/admin', '/admin/reports', '/admin/reports?status=upheld', '/admin/log']) {
        await adas.page.goto(address);
        await heading(adas, 'Staff').waitFor();
        await adas.page.waitForFunction(() => !document.querySelector('.spinner'));
        await isFit(adas, `${address}, ${colorScheme}`);
        await fitsTheWidth(adas, address);
      }
      await adas.page.goto('/admin/reports');
      await adas.button('Decide').click();
      await dialog(adas).getByLabel('It is right').check();
      await isFit(adas, 'the verdict');
      await fitsTheWidth(adas, 'the verdict');
    },
    { env: DEVELOPMENT },
  );
}
