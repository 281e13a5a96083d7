import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type DemoServer, startDemoServer } from '../../../demo/server/demo-server.js';
import { missingBrowser, openBrowser } from '../../support/open-browser.js';
import { until } from '../../support/wait.js';

describe('the lab in a browser', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let browser: Browser;
  let page: Page;
  /** Every secret that the token endpoint issued while the page was open. */
  const secrets: string[] = [];

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 10 });
    await server.buildScriptTag();
    browser = await openBrowser();
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
    page.on('response', (response) => {
      if (response.url().endsWith('/api/tokens')) void response.json().then(keepSecrets, () => undefined);
    });
    await page.goto(`${server.origin}/lab/?window=60&refresh-lead=7`);
    await page.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
    // The body of an answer is lost when the development server loads the page again; the next one comes within 10 s.
    await until(() => secrets.length > 0, 'a token');
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  function keepSecrets(answer: { tokens?: readonly { token?: string }[] }): void {
    // Only the signature: header and claims are not secret.
    for (const { token } of answer.tokens ?? []) secrets.push(...(token?.split('.').slice(2) ?? []));
  }

  /** Asserts that the text contains no secret, without printing one. */
  function assertHarmless(text: string): void {
    assert.ok(secrets.length > 0, 'tokens were given out');
    assert.equal(
      secrets.some((secret) => text.includes(secret)),
      false,
      'a token got out',
    );
  }

  const copyHtml = '#embed button:text("Copy HTML")';
  const copyVendorLink = '#embed button:text("Copy vendor link")';
  const copyReport = '#report button:text("Copy JSON")';

  async function save(id: string): Promise<Buffer> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(id)]);
    return readFile(await download.path());
  }

  async function copy(button: string): Promise<string> {
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await page.click(button);
    return page.evaluate(async () => {
      for (;;) {
        const text = await navigator.clipboard.readText();
        if (text !== '') return text;
        await new Promise(requestAnimationFrame);
      }
    });
  }

  const spanSeconds = (): Promise<number> =>
    page.evaluate(() => {
      const { startAtMs = 0, endAtMs = 0 } = document.querySelector('time-axis')?.view ?? {};
      return Math.round((endAtMs - startAtMs) / 1000);
    });

  it('saves its axis as data without secrets', async () => {
    await page.waitForFunction(() => {
      const { tokens, playback, requests } = document.querySelector('time-axis')?.record ?? {};
      return tokens?.length && playback?.length && requests?.length;
    });
    const text = (await save('#save-json')).toString();
    const { tokens, playback, requests } = JSON.parse(text) as Record<string, unknown[]>;
    assert.ok(tokens?.length && playback?.length && requests?.length, 'it holds the session');
    assertHarmless(text);
  });

  it('saves its axis as a picture with its size on the page', async () => {
    const picture = await save('#save-png');
    assert.equal(picture.subarray(1, 4).toString(), 'PNG');
    const wanted = await page.evaluate(() => {
      const { width = 0, height = 0 } =
        document.querySelector('time-axis')?.shadowRoot?.querySelector('canvas') ?? {};
      return [width, height];
    });
    assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], wanted);
  });

  it('copies HTML, a link and a report without a token', async () => {
    assert.match(await copy(copyHtml), /<secure-player\s[^>]*refresh-lead="7"/);
    assert.match(await copy(copyVendorLink), /\/vendor-link\/\?h5live\.server\.hls=/);
    const report = await copy(copyReport);
    const { settings } = JSON.parse(report) as { settings: Record<string, string> };
    assert.equal(settings['refresh-lead'], '7');
    for (const text of [report, await copy(copyHtml), await copy(copyVendorLink)]) {
      assertHarmless(text);
    }
  });

  it('zooms with buttons, keys and wheel, and writes the zoom to the URL', async () => {
    assert.equal(await spanSeconds(), 90);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    assert.equal(await spanSeconds(), 60);
    assert.equal(new URL(page.url()).searchParams.get('window'), '40');
    await page.locator('time-axis .field').press('-');
    assert.equal(await spanSeconds(), 90);
    await page.locator('time-axis canvas').hover();
    await page.mouse.wheel(0, -200);
    await page.waitForFunction(() => {
      const { startAtMs = 0, endAtMs = 0 } = document.querySelector('time-axis')?.view ?? {};
      return endAtMs - startAtMs < 80_000;
    });
  });

  it('describes a mark on hover and on key press', async () => {
    const field = page.locator('time-axis .field');
    await field.press('ArrowUp');
    await page.locator('time-axis .tip').waitFor();
    assert.match(await page.locator('time-axis .tip').innerText(), /\d\d:\d\d:\d\d/);
    await field.press('Escape');
    await page.locator('time-axis .tip').waitFor({ state: 'detached' });
  });

  it('does not apply a number outside its limits, and marks it as invalid', async () => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.locator('#player-settings summary').click();
    const field = other.locator('#player-settings input[name="refresh-lead"]');
    const lead = (): string | null => new URL(other.url()).searchParams.get('refresh-lead');
    await field.fill('-5');
    await field.press('Tab');
    assert.equal(await field.evaluate((input: HTMLInputElement) => input.validity.valid), false);
    assert.equal(lead(), '7');
    await field.fill('9');
    await field.press('Tab');
    assert.equal(lead(), '9');
    await other.close();
  });

  it('shows no requests from before it was opened', async () => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    const earliestMs = await other.waitForFunction(() => {
      const { requests = [] } = document.querySelector('time-axis')?.record ?? {};
      return (
        requests.length > 0 && {
          since: Math.min(...requests.map(({ atMs }) => atMs)) - performance.timeOrigin,
        }
      );
    });
    const { since } = (await earliestMs.jsonValue()) || { since: NaN };
    await other.close();
    assert.ok(since >= 0, `${since} ms before it`);
  });

  it('shows the same in another tab with the same URL', async () => {
    const other = await page.context().newPage();
    await other.goto(await copy('#copy-link'));
    await other.waitForFunction(
      () => document.querySelector('secure-player')?.getAttribute('refresh-lead') === '7',
    );
    await other.locator('#embed code').filter({ hasText: 'secure-player' }).waitFor();
    assert.equal(other.url(), page.url());
    assert.equal(
      await other.locator('#embed code').innerText(),
      await page.locator('#embed code').innerText(),
    );
  });

  it('clears the faults of a case when the tester leaves the page while it runs', async () => {
    const readFaults = async (): Promise<string> => {
      const answer = await page.request.get(`${server.origin}/api/qa/faults`);
      return answer.text();
    };
    const waitForFaults = async (areThere: boolean): Promise<void> => {
      await until(
        async () => (await readFaults()).includes('ttlSeconds') === areThere,
        areThere ? 'the faults' : 'no faults',
      );
    };
    const other = await page.context().newPage();
    await other.goto(`${server.origin}/lab/?case=backend-slow`);
    await waitForFaults(true);
    await other.goto('about:blank');
    await waitForFaults(false);
  });

  it('inspects the token of the scheme that it plays, and a pasted cookie, without their signatures', async () => {
    const lab = await page.context().newPage();
    const signatures: string[] = [];
    lab.on('response', (response) => {
      if (!response.url().includes('/cloudfront/tokens')) return;
      void response.json().then(
        ({ tokens }: { tokens: readonly { query: { Signature: string } }[] }) =>
          signatures.push(...tokens.map(({ query }) => query.Signature)),
        () => undefined,
      );
    });
    const settings = new URLSearchParams({
      src: '/cdn/cloudfront/demo/index.m3u8',
      stream: 'demo',
      // Not shown as expired, however busy the machine is.
      'token-url': '/api/schemes/cloudfront/tokens?ttl=3600',
    });
    await lab.goto(`${server.origin}/lab/?${settings.toString()}`);
    await lab.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
    await lab.click('#inspector button:text("Inspect a player token")');
    await lab.waitForSelector('#inspector h3:text("CloudFront custom policy")');
    const shown = await lab.innerText('#inspector');
    assert.match(shown, /Resource\s+http:\/\/[^\s]+\/cdn\/cloudfront\/demo\/\*\s+URLs that the token allows/);
    assert.match(shown, /expires in \d+ (?:minutes|hour)/);
    assert.equal(await lab.inputValue('#inspector textarea'), '');
    await until(() => signatures.length > 0, 'the answer of the token endpoint');
    assert.equal(
      signatures.some((signature) => shown.includes(signature)),
      false,
      'a signature is shown',
    );
    const cookie = 'hdnts=exp=1708457257~acl=/live/demo/*~hmac=' + 'c6a1'.repeat(16);
    await lab.fill('#inspector textarea', cookie);
    await lab.waitForSelector('#inspector h3:text("Akamai EdgeAuth 2.0")');
    assert.doesNotMatch(await lab.innerText('#inspector dl'), /c6a1c6a1/);
    await lab.close();
  });
});
