// Opens the playground in a real browser. PLAYGROUND_URL names the page,
// CHROMIUM the browser (by default /usr/bin/chromium), and SCREENSHOT a file
// for a picture of what was seen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

const url = process.env.PLAYGROUND_URL;
if (!url) {
  throw new Error('PLAYGROUND_URL must name the page, as in http://localhost:8080/playground/');
}
const origin = new URL(url).origin;

let browser;
let page;
const complaints = [];
const outside = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  page = await browser.newPage({ viewport: { width: 1360, height: 800 } });
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content.Security.Policy/i.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(`${origin}/`) && !target.startsWith(`blob:${origin}/`) && !target.startsWith('data:')) {
      outside.push(target);
    }
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
});

after(async () => {
  if (process.env.SCREENSHOT && page) await page.screenshot({ path: process.env.SCREENSHOT });
  await browser?.close();
});

test('the editor appears with the first question', async (t) => {
  const start = performance.now();
  await page.goto(url);
  const editor = page.locator('.graphiql-query-editor .view-lines');
  await editor.waitFor({ timeout: 15_000 });
  await page.waitForFunction(() => document.querySelector('.graphiql-query-editor .view-lines')?.textContent?.includes('organization'));
  t.diagnostic(`editor after ${Math.round(performance.now() - start)} ms`);
});

test('the question runs', async () => {
  await page.locator('.graphiql-execute-button').click();
  await page.waitForFunction(
    () => /"organization"|"errors"/.test(document.querySelector('.graphiql-response .view-lines')?.textContent ?? ''),
    undefined,
    { timeout: 15_000 },
  );
  const text = await page.locator('.graphiql-response .view-lines').textContent();
  assert.match(text, /"organization"/);
});

test('the documentation opens', async () => {
  await page.getByRole('button', { name: /documentation explorer/i }).click();
  await page.getByText('Root Types', { exact: false }).first().waitFor();
});

test('the schema completes what is typed', async () => {
  const editor = page.locator('.graphiql-query-editor');
  await editor.locator('.view-lines').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('query Q { org', { delay: 30 });
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget.visible').getByText('organization', { exact: false }).first().waitFor({ timeout: 10_000 });
  await page.keyboard.press('Escape');
});

test('the explorer plugin opens', async () => {
  await page.getByRole('button', { name: /graphiql explorer/i }).click();
  await page.locator('.graphiql-explorer-root, .docExplorerWrap').first().waitFor();
});

test('an example opens in a new tab and runs', async () => {
  await page.getByRole('button', { name: 'Show Example questions', exact: false }).click();
  const tabs = await page.locator('.graphiql-tab').count();
  const sent = page.waitForRequest((request) => (request.postData() ?? '').includes('query WhoWorksInBoth'));
  await page.getByRole('button', { name: /both in one sector and in another/ }).click();
  assert.equal(JSON.parse((await sent).postData()).operationName, 'WhoWorksInBoth');
  assert.equal(await page.locator('.graphiql-tab').count(), tabs + 1);
});

test('nothing is complained about, nothing leaves the origin', async () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  assert.deepEqual(outside, []);
});
