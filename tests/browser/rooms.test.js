// Rooms of one's own: made, found by friends while somebody is inside, opened by invitation, changed and deleted.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, asks, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { befriend } from './harness/friends.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const heading = (person, name) => person.page.getByRole('heading', { level: 1, name, exact: true });
const cards = (person) => person.page.locator('.room-card');

scenario(
  'a room is opened for friends, who find it while somebody is inside; its host changes and deletes it',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await befriend(server, 'ada', 'ben');
    const cleo = await account(server, 'cleo');
    const [adas, bens, cleos] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
    await enter(adas, ada, '/rooms');
    await adas.page.getByText('Nobody is in a room that you could enter').waitFor();
    await adas.page.getByRole('link', { name: 'New room' }).click();
    await adas.page.getByLabel('What it is called').fill('Tea at five');
    await adas.page.getByLabel('What it is for').fill('Bring a mug.');
    await adas.page.getByLabel('Your friends').check();
    await adas.button('Open the room').click();
    await heading(adas, 'Tea at five').waitFor();
    await adas.button('Join').click();
    await adas.ownTile().waitFor();

    await enter(bens, ben, '/rooms');
    await cards(bens).filter({ hasText: 'Tea at five' }).getByText('1 of 4 inside').waitFor();
    await enter(cleos, cleo, '/rooms');
    await cleos.page.getByText('Nobody is in a room that you could enter').waitFor();
    await cards(bens).getByRole('link', { name: 'Enter' }).click();
    await bens.button('Join').click();
    await bens.sees('Ada');

    await adas.page.goto('/rooms?show=mine');
    await adas.button('More about Tea at five').click();
    await adas.page.locator('.menu:popover-open').getByText('Change room').click();
    await adas.page.getByLabel('What it is called').fill('Tea at six');
    await adas.button('Save').click();
    await cards(adas).filter({ hasText: 'Tea at six' }).waitFor();
    await adas.button('More about Tea at six').click();
    await adas.page.locator('.menu:popover-open').getByText('Delete room').click();
    await adas.page.locator('dialog[open]').getByRole('button', { name: 'Delete room' }).click();
    await adas.page.getByText('You have no rooms yet.').waitFor();
    await bens.page.locator('[data-code="room-gone"]').waitFor();
  },
  { env: DEVELOPMENT, complaints: [/404/] },
);

scenario(
  'a closed room opens by an invitation, which is shown once with a code to scan and can be taken back',
  async (stage) => {
    const { server } = stage;
    const [ada, ben, cleo] = await Promise.all(['ada', 'ben', 'cleo'].map((handle) => account(server, handle)));
    const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Behind a door', visibility: 'invite', capacity: 4 });
    const [adas, bens, cleos] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
    await enter(adas, ada, `/room/${id}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    await adas.button('Invite').click();
    const invites = adas.page.locator('.panel mc-invites');
    await invites.getByRole('button', { name: 'Make an invitation' }).click();
    const link = invites.getByLabel('The invitation', { exact: true });
    await link.waitFor();
    assert.equal(await invites.locator('.qr').count(), 1);
    const address = await link.inputValue();
    assert.match(address, /#invite=/);

    await enter(bens, ben, `/room/${id}`);
    await heading(bens, 'This room has a door').waitFor();
    const { pathname, hash } = new URL(address);
    await bens.page.goto('/health/live');
    await bens.page.goto(`${pathname}${hash}`);
    await bens.button('Join').click();
    await bens.sees('Ada');
    assert.equal(new URL(bens.page.url()).hash, '', 'what opens the room does not stay in the address');

    await invites.getByRole('button', { name: 'Take back' }).click();
    await until('no invitation works', async () => (await asks(server, ada, 'GET', `/rooms/${id}/invites`)).items.length, (count) => count === 0);
    await enter(cleos, cleo, '/');
    await cleos.page.goto(`${pathname}${hash}`);
    await cleos.button('Join').click();
    await cleos.page.locator('[data-code="invite-needed"]').waitFor();
  },
  { env: DEVELOPMENT, complaints: [/403/] },
);

scenario(
  'somebody knocks, waits, is refused, knocks again and is let in from within the call',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await Promise.all(['ada', 'ben'].map((handle) => account(server, handle)));
    const { id } = await asks(server, ada, 'POST', '/rooms', { title: 'Behind a door', visibility: 'invite', capacity: 4 });
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada, `/room/${id}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    await enter(bens, ben, '/');
    await bens.page.goto(`/room/${id}`);
    await bens.button('Knock').click();
    await bens.page.locator('mc-knocking').getByText('You have knocked.').waitFor();
    await isFit(bens, 'before the door', ['serious', 'critical']);
    await adas.page.locator('.knock-toast').getByText('Ben knocks').waitFor();
    await isFit(adas, 'the call with a knock', ['serious', 'critical']);
    await adas.button('Not now Ben').click();
    await bens.page.locator('mc-knocking').getByText('Ada does not let you in now.').waitFor();
    await bens.button('Knock').click();
    await bens.button('Never mind').click();
    await until('nobody knocks', () => adas.page.locator('.knock-toast').count(), (count) => count === 0);
    await bens.button('Knock').click();
    await adas.button('Let in Ben').click();
    await bens.button('Join').click();
    await bens.sees('Ada');
  },
  { env: DEVELOPMENT },
);

scenario(
  'a room is found by its tags; whom its host keeps out stays out until they are let back in; what is said is kept as long as the host says',
  async (stage) => {
    const { server } = stage;
    const [ada, ben] = await befriend(server, 'ada', 'ben');
    const [adas, bens] = [await stage.person('Ada'), await stage.person('Ben')];
    await enter(adas, ada, '/rooms/new');
    await adas.page.getByLabel('What it is called').fill('Tea at five');
    await adas.page.getByLabel('Tags', { exact: true }).pressSequentially('비오는날,tea ');
    assert.deepEqual(await adas.page.locator('.chosen-tags li span:first-child').allInnerTexts(), ['#비오는날', '#tea']);
    await adas.button('Open the room').click();
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    const room = new URL(adas.page.url()).pathname.split('/')[2];

    await enter(bens, ben, '/rooms?tag=music');
    await bens.page.getByText('No room with #music now.').waitFor();
    await bens.page.getByRole('link', { name: 'Show all rooms' }).click();
    await cards(bens).getByRole('link', { name: '#비오는날' }).click();
    await heading(bens, '#비오는날').waitFor();
    await bens.page.getByRole('link', { name: 'Tea at five' }).click();
    await heading(bens, 'Tea at five').waitFor();
    await bens.page.locator('.entrance').getByRole('link', { name: '#tea' }).waitFor();
    await bens.button('Join').click();
    await bens.sees('Ada');

    await adas.button('People').click();
    await adas.button('Keep Ben out').click();
    await adas.page.locator('dialog[open]').getByRole('button', { name: 'Keep out' }).click();
    await bens.page.locator('[data-code="kicked"]').waitFor();
    await bens.page.goto(`/room/${room}`);
    await bens.page.locator('[data-code="forbidden"]').waitFor();

    adas.page.once('dialog', (dialog) => dialog.accept());
    await adas.page.goto(`/rooms/${room}/edit`);
    await adas.page.getByLabel('What is said is kept').selectOption('for 7 days');
    await adas.button('Save').click();
    await cards(adas).getByRole('link', { name: '#tea' }).waitFor();
    await adas.page.goto(`/rooms/${room}/edit`);
    const kept = adas.page.getByLabel('What is said is kept');
    await kept.waitFor();
    assert.equal(await kept.inputValue(), '7');
    const letBack = adas.page.locator('mc-bans').getByRole('button', { name: 'Let back in Ben' });
    await letBack.focus();
    await adas.page.keyboard.press('Enter');
    await adas.page.getByText('Nobody is kept out.').waitFor();
    await until('the keyboard goes on from the heading', () => adas.page.evaluate(() => document.activeElement?.id), (id) => id === 'bans');
    await bens.page.goto(`/room/${room}`);
    await bens.button('Join').click();
    await bens.ownTile().waitFor();
  },
  { env: DEVELOPMENT, complaints: [/403/] },
);

for (const colorScheme of ['light', 'dark']) {
  scenario(
    `pages of rooms are fit for everybody, ${colorScheme}`,
    async (stage) => {
      const { server } = stage;
      const [ada, ben] = await befriend(server, 'ada', 'ben');
      const room = { title: '비 오는 날에는 다 같이 모여서 이야기해요', description: 'https://example.org/a-very-long-address-without-any-break', visibility: 'friends', tags: ['비오는날', 'a'.repeat(30), 'evening'] };
      const { id } = await asks(server, ada, 'POST', '/rooms', room);
      const closed = await asks(server, ben, 'POST', '/rooms', { visibility: 'invite' });
      const adas = await stage.person('Ada', { viewport: PHONE, context: { colorScheme, reducedMotion: 'reduce' } });
      await enter(adas, ada);
      for (const address of ['/rooms', '/rooms?show=mine', '/rooms/new', `/rooms/${id}/edit`, `/rooms/${closed.id}/edit`, `/room/${closed.id}`]) {
        await adas.page.goto(address);
        await adas.page.getByRole('heading', { level: 1 }).waitFor();
        await adas.page.waitForFunction(() => !document.querySelector('.spinner'));
        await isFit(adas, `${address}, ${colorScheme}`, address.startsWith('/room/') ? ['serious', 'critical'] : undefined);
        await fitsTheWidth(adas, address);
      }
      await adas.page.goto(`/room/${id}`);
      await adas.button('Join').click();
      await adas.ownTile().waitFor();
      await adas.button('Invite').click();
      await adas.page.locator('.panel').getByRole('button', { name: 'Make an invitation' }).click();
      await adas.page.locator('.panel').getByLabel('The invitation', { exact: true }).waitFor();
      await isFit(adas, 'the invitations', ['serious', 'critical']);
      await fitsTheWidth(adas, 'the invitations');
    },
    { env: DEVELOPMENT, complaints: [/Failed to load resource/] },
  );
}
