import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type {} from '@gatecast/player';
import type { Browser } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { createExampleOrigin } from '../docs/support/example-origin.js';
import { rerouteHosts } from '../docs/support/reroute.js';
import { serveProject } from '../packages/support/serve-project.js';
import { freePort } from '../support/free-port.js';
import { missingBrowser, openBrowser, waitForPicture } from '../support/open-browser.js';
import { until } from '../support/wait.js';
import { collect, runCli, startCli } from './support/gatecast-cli.js';

describe('the plain page of gatecast init', { skip: missingBrowser }, () => {
  const cleanups: (() => unknown)[] = [];
  let browser: Browser;

  before(async () => {
    browser = await openBrowser();
    cleanups.push(() => browser.close());
  });

  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  /** Does what the output of `init` tells, in an empty folder. The page is below the root of the site. */
  async function followInit(): Promise<{ page: string; tokens: string; signIn: () => Promise<string> }> {
    const cwd = mkdtempSync(join(tmpdir(), 'gatecast-page-'));
    cleanups.push(() => rmSync(cwd, { recursive: true }));
    const site = await serveProject(join(cwd, 'public'));
    cleanups.push(() => site.close());
    const page = site.origin.replace('127.0.0.1', 'localhost');
    const port = await freePort();
    const { code, out, err } = await runCli(
      [
        ...['init', '--yes', '--origin', 'https://media.example.com'],
        ...['--page-origin', page, '--port', String(port)],
      ],
      { cwd },
    );
    assert.deepEqual([code, err], [0, '']);
    /** The arguments of a command that is printed. */
    const printed = (begin: string): string[] =>
      new RegExp(`^ *(?:\\d\\. )?npx gatecast (${begin} .*)$`, 'm').exec(out)?.[1]?.split(' ') ??
      assert.fail(`The output has no command ${begin}: ${out}`);
    // As after the npm install that is printed.
    cpSync((await buildGatecast()).folder, join(cwd, 'node_modules/@gatecast/script-tag/dist'), {
      recursive: true,
    });
    const [copy = assert.fail(`The output has no command that copies the script: ${out}`)] =
      /cp node_modules\/@gatecast\/\S+ \S+$/m.exec(out) ?? [];
    execFileSync('sh', ['-c', copy], { cwd });
    const files = readdirSync(join(cwd, 'public'));
    mkdirSync(join(cwd, 'public/watch/now'), { recursive: true });
    for (const file of files)
      cpSync(join(cwd, 'public', file), join(cwd, 'public/watch/now', file), { recursive: true });
    const [, cookie = assert.fail(`The output sets no cookie: ${out}`)] =
      /document\.cookie = '(.+)'$/m.exec(out) ?? [];
    const server = await startCli(printed('serve'), {}, cwd);
    const output = collect(server);
    cleanups.push(async () => {
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    });
    const tokens = `http://localhost:${String(port)}`;
    await until(async () => {
      assert.equal(server.exitCode, null, output().err);
      return fetch(`${tokens}/.well-known/jwks.json`).then(
        ({ ok }) => ok,
        () => false,
      );
    }, 'the token server');
    return {
      page: `${page}/watch/now/`,
      tokens,
      /** The cookie of a viewer, as it is printed. */
      signIn: async () => {
        const session = (await runCli(printed('token caller'), { cwd })).out.trim();
        return cookie.replace('<the JWT>', () => session);
      },
    };
  }

  it('refuses a viewer without a sign-in, and plays with one', async () => {
    const { page: address, tokens, signIn } = await followInit();
    const origin = createExampleOrigin(`${tokens}/.well-known/jwks.json`);
    cleanups.push(origin.close);
    const context = await browser.newContext();
    await rerouteHosts(context, ['media.example.com'], origin.fetch);
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForFunction(() => (document.querySelector('secure-player')?.error ?? null) !== null);
    const cookie = await signIn();
    // As the output says: in the console of the page.
    await page.evaluate((text) => (document.cookie = text), cookie);
    const troubles: string[] = [];
    page.on('pageerror', ({ message }) => troubles.push(message));
    page.on('console', (message) => {
      // Chromium asks for an icon, which the page does not name.
      if (message.location().url.endsWith('/favicon.ico')) return;
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    await page.reload();
    await waitForPicture(page);
    assert.deepEqual(troubles, []);
    const box = await page.locator('secure-player').boundingBox();
    assert.ok(
      box && Math.abs(box.width / box.height - 16 / 9) < 0.01,
      'the page has the shape of the player',
    );
    await context.close();
  });
});
