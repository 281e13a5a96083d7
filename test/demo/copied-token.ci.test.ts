import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { type DemoServer, startDemoServer } from '../../demo/server/demo-server.js';
import { createDpopClient } from '../server/support/dpop-client.js';
import { missingBrowser, openBrowser, waitForPicture } from '../support/open-browser.js';

const PAGE = `<!doctype html>
<script type="module" src="/gatecast.js"></script>
<secure-player src="/live/demo-low.m3u8" token-url="/api/tokens" token-placement="header"
  dpop muted autoplay></secure-player>`;

describe('a bound token that was copied out of a page', { skip: missingBrowser }, () => {
  let server: DemoServer;
  let browser: Browser;

  before(async () => {
    server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await server.buildScriptTag();
    browser = await openBrowser();
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  it('plays in the page, and is refused from another client', async () => {
    const page = await browser.newPage();
    await page.route('**/copied', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/tokens'));
    const url = `${server.origin}/live/demo-low.m3u8`;
    const requested = page.waitForRequest(url);
    await page.goto(`${server.origin}/copied`);
    const { tokens } = (await (await answered).json()) as { tokens: { token: string }[] };
    const token = tokens[0]?.token ?? '';
    const copied = (await requested).headers();
    await waitForPicture(page);

    const ask = async (headers: Record<string, string>, address = url) => {
      const response = await fetch(address, { headers });
      return `${response.status} ${((await response.json()) as { code: string }).code}`;
    };
    assert.equal(await ask({ Authorization: `Bearer ${token}` }), '401 dpop-proof-missing');
    assert.equal(await ask({}, `${url}?token=${token}`), '401 dpop-proof-missing');
    assert.equal(await ask({ Authorization: `DPoP ${token}` }), '401 dpop-proof-missing');
    const { authorization = '', dpop = '' } = copied;
    assert.equal(authorization, `DPoP ${token}`);
    assert.equal(await ask({ Authorization: authorization, DPoP: dpop }), '401 dpop-proof-invalid');
    const thief = await createDpopClient();
    const proof = await thief.prove({ url, token });
    assert.equal(await ask({ Authorization: authorization, DPoP: proof }), '401 dpop-proof-invalid');
    await page.close();
  });
});
