// What is said in a room stays there: for whoever comes later, after a lost connection, changed and deleted for everybody.

import assert from 'node:assert/strict';

import { DEVELOPMENT, account, enter } from './harness/accounts.js';
import { PHONE, fitsTheWidth, isFit } from './harness/fit.js';
import { scenario } from './harness/scenario.js';
import { until } from './harness/until.js';

const lines = (person) => person.page.locator('.lines .line-said p, .lines .line-gone');
const texts = (person) => lines(person).allInnerTexts();

/** Says something in the chat, opening it first. */
async function say(person, text) {
  const field = person.page.getByLabel('Message', { exact: true });
  if (!(await field.isVisible())) await person.button('Chat').click();
  await field.fill(text);
  await field.press('Enter');
  await until(`${text} is said`, () => texts(person), (said) => said.some((one) => one.startsWith(text)));
}

async function choose(person, name, choice) {
  await person.page.getByRole('button', { name: `More about what ${name} said` }).last().click();
  await person.page.locator('.menu:popover-open').getByText(choice, { exact: true }).click();
}

scenario(
  'a line is changed and deleted for everybody, and whoever comes later reads what was said',
  async (stage) => {
    const { link } = await stage.server.createRoom(3);
    const [ada, ben, cleo] = [await stage.person('Ada'), await stage.person('Ben'), await stage.person('Cleo')];
    await ada.join(link);
    await say(ada, 'one');
    await ben.join(link);
    await ben.button('Chat').click();
    await until('Ben reads what was said before', () => texts(ben), (said) => said.join() === 'one');
    await say(ben, 'two');
    await say(ada, 'three');

    await choose(ada, 'Ada', 'Edit line');
    const field = ada.page.getByLabel('Edit line', { exact: true });
    assert.equal(await field.inputValue(), 'three');
    await field.fill('drei');
    await field.press('Enter');
    await until('Ben reads the change', () => texts(ben), (said) => said.join() === 'one,two,drei edited');
    await choose(ben, 'Ben', 'Delete line');
    await ben.page.getByRole('dialog').getByRole('button', { name: 'Delete line' }).click();
    for (const person of [ada, ben]) await until('it is gone for both', () => texts(person), (said) => said.join() === 'one,This line was deleted.,drei edited');

    await cleo.join(link);
    await cleo.button('Chat').click();
    await until('Cleo reads the same', () => texts(cleo), (said) => said.join() === 'one,This line was deleted.,drei edited');
    assert.equal(await cleo.page.locator('.lines mc-menu button').count(), 0, 'a guest changes nothing of others');
  },
);

scenario(
  'what was said while the connection was lost is there afterwards, once and in order',
  async (stage) => {
    const { link } = await stage.server.createRoom();
    const relay = await stage.relay();
    const [ada, ben] = [await stage.person('Ada', { origin: relay.url }), await stage.person('Ben')];
    await ada.join(link);
    await ben.join(link);
    await say(ada, 'before');
    await ben.button('Chat').click();
    await until('Ben reads it', () => texts(ben), (said) => said.join() === 'before');
    relay.cut();
    await ada.page.locator('.banner').waitFor();
    await say(ben, 'meanwhile');
    await say(ben, 'still meanwhile');
    relay.mend();
    await ada.page.locator('.banner').waitFor({ state: 'detached' });
    await say(ben, 'after');
    await until('all of it, once', () => texts(ada), (said) => said.join() === 'before,meanwhile,still meanwhile,after');
  },
  { complaints: [/WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource/] },
);

scenario(
  'a long talk is read upwards, and the chat keeps nobody out',
  async (stage) => {
    const { server } = stage;
    const ada = await account(server, 'ada');
    const { id } = await server.createRoom();
    const adas = await stage.person('Ada', { viewport: PHONE, context: { reducedMotion: 'reduce' } });
    await enter(adas, ada, `/room/${id}`);
    await adas.button('Join').click();
    await adas.ownTile().waitFor();
    await adas.button('Chat').click();
    const field = adas.page.getByLabel('Message', { exact: true });
    for (let i = 1; i <= 55; i += 1) {
      await field.fill(`line ${i}`);
      await field.press('Enter');
      if (i % 5 === 0) await until(`line ${i}`, () => texts(adas), (said) => said.at(-1) === `line ${i}`);
      // The server lets nobody talk faster.
      if (i % 5 === 0) await until('a moment later', () => Date.now(), pause(1_200));
    }
    await adas.page.reload();
    await adas.ownTile().waitFor();
    await adas.button('Chat').click();
    await until('the newest', () => texts(adas), (said) => said.length === 50 && said.at(-1) === 'line 55');
    await adas.button('Show earlier lines').click();
    await until('all', () => texts(adas), (said) => said.length === 55 && said[0] === 'line 1');
    await isFit(adas, 'the chat', ['serious', 'critical']);
    await fitsTheWidth(adas, 'the chat');
  },
  { env: DEVELOPMENT },
);

/** True once so many milliseconds have passed. */
function pause(ms) {
  const end = Date.now() + ms;
  return (now) => now >= end;
}
