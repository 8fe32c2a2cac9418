// Each scene brings a page of the fake app into a state worth looking at.
const chat = (number) => `/app/chat/10000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const open = (path, fake = 'full') => async (page, url) => {
  await page.goto(`${url}${path}${path.includes('?') ? '&' : '?'}fake=${fake}&delay=30`);
  await page.waitForTimeout(500);
};
const say = async (page, text) => {
  await page.getByRole('textbox', { name: /Message to/ }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForTimeout(120);
};
const quiet = (page) => page.addInitScript(() => localStorage.setItem('caravan.notifications', 'off'));

export const scenes = {
  login: open('/', 'none'),
  async 'login-wrong'(page, url) {
    await open('/', 'none')(page, url);
    await page.getByLabel('Username').fill('mara');
    await page.getByLabel('Password', { exact: true }).fill('often');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForTimeout(300);
  },
  async register(page, url) {
    await open('/app/register', 'none')(page, url);
    await page.getByLabel('Username').fill('ma');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Create account' }).click();
  },
  empty: open('/', 'empty'),
  list: open('/'),
  conversation: open(chat(1)),
  group: open(chat(2)),
  'group-info': open(`${chat(2)}?info`),
  'chat-info': open(`${chat(1)}?info`),
  'chat-empty': open(chat(5)),
  'chat-missing': open(chat(250)),
  'not-found': open('/app/nonsense'),
  'new-chat': open('/app/new'),
  async 'new-group'(page, url) {
    await open('/app/new/group')(page, url);
    await page.getByLabel('Group name').fill('Map readers');
    for (const name of ['Anna Lindqvist', 'Emeka Obi', 'Hana Sato']) await page.getByRole('main').getByText(name).first().click();
  },
  async 'nobody'(page, url) {
    await open('/app/new')(page, url);
    await page.getByRole('searchbox').fill('xyzzy');
    await page.waitForTimeout(400);
  },
  async find(page, url) {
    await open('/')(page, url);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('an');
    await page.waitForTimeout(400);
  },
  settings: open('/app/settings'),
  bill: open('/app/bill?bill=full'),
  async 'bill-table'(page, url) {
    await open('/app/bill?bill=full')(page, url);
    await page.getByText('The same as a table').click();
    await page.getByText('The same as a table').scrollIntoViewIfNeeded();
  },
  'bill-empty': open('/app/bill?bill=empty'),
  'bill-off': open('/app/bill?bill=off'),
  'bill-forbidden': open('/app/bill?bill=forbidden'),
  async offline(page, url, form) {
    await open(form === 'phone' ? '/' : chat(1))(page, url);
    if (form === 'desktop') {
      await page.evaluate(() => { window.fake.world.stuck = true; });
      await say(page, 'Are you there?');
    }
    await page.evaluate(() => window.fake.world.connection.set('offline'));
    await page.waitForTimeout(500);
  },
  async 'offline-chat'(page, url) {
    await quiet(page);
    await open(chat(1))(page, url);
    await page.evaluate(() => { window.fake.world.stuck = true; window.fake.world.connection.set('offline'); });
    await say(page, 'Are you there?');
    await page.waitForTimeout(500);
  },
  async failed(page, url) {
    await quiet(page);
    await open(chat(1))(page, url);
    await page.evaluate(() => { window.fake.world.nextFailure = { code: 'rate_limited', status: 429, detail: '', retryAfter: 12 }; });
    await say(page, 'One more thing: could you bring the long rope as well?');
  },
  async kinds(page, url) {
    await quiet(page);
    await open(chat(1))(page, url);
    await say(page, '🐪');
    await say(page, '🐪🐪🐪🐪🐪');
    await say(page, 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftandthensomemoreofthatwithoutasinglespace');
    await say(page, 'Look: https://example.org/a/very/long/address/that/goes/on?and=on&until=it%20has%20to%20break (and www.example.com too)');
    await say(page, 'مرحبا، كيف حالك اليوم؟');
    await say(page, 'Ok');
  },
  async bar(page, url, form) {
    await open(chat(1))(page, url);
    await say(page, 'Hello!');
    if (form === 'phone') await page.getByRole('button', { name: 'Back to chats' }).click();
  },
  async scrolled(page, url) {
    await open(chat(1))(page, url);
    await page.getByRole('region', { name: 'Messages' }).evaluate((element) => { element.scrollTop -= 900; });
    await page.waitForTimeout(300);
    await page.evaluate(() => { for (const text of ['One', 'Two', 'Three']) window.fake.receive(location.pathname.slice(10), text); });
    await page.waitForTimeout(1300);
  },
  async limit(page, url) {
    await open(chat(1))(page, url);
    await page.getByRole('textbox', { name: /Message to/ }).fill('Far too long. '.repeat(290));
  },
  async skeleton(page, url) {
    await page.goto(`${url}${chat(1)}?fake=full&delay=5000`);
    await page.waitForTimeout(500);
  },
};
