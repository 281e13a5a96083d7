import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SecureWebcaster } from '@gatecast/webcaster';
import type { Browser, Request } from 'playwright-core';
import { consumerProjects, ownRange } from './support/consumer-project.js';
import type { ConsumerProject, ConsumerProjects } from './support/consumer-project.js';
import {
  broadcastMain,
  broadcastPage,
  foreignPlayerTag,
  plainPage,
  playerTag,
  reactConfig,
  reactMain,
  reactPage,
  reactPlayerConfig,
} from './support/consumer-sources.js';
import { missingBrowser, openBrowser, waitForPicture, watchPage } from '../support/open-browser.js';
import { findEngine } from '../support/runner/find-engines.js';
import { publicPackages } from './support/pack-packages.js';
import { createExampleProject } from './support/example-project.js';
import { serveProject } from './support/serve-project.js';

const scriptTagFolder = '/node_modules/@gatecast/script-tag/dist/';

declare global {
  interface Window {
    /** State of the React page. */
    page: { heard: string[]; render: (listener: string) => void; unmount: () => void };
    /** State of the React page that broadcasts. */
    broadcast: {
      heard: string[];
      render: (listener: string, props?: object) => void;
      unmount: () => void;
      webcaster: { current: SecureWebcaster | null };
    };
  }
}

interface CommandEnd {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs an installed command, with the browser of the tests. */
function runCommand(program: string, args: readonly string[]): Promise<CommandEnd> {
  const found = findEngine('chromium');
  const env = { ...process.env, NODE_OPTIONS: '', ...(found && { GATECAST_CHROMIUM: found.executable }) };
  return new Promise((resolve) => {
    execFile(program, [...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

/** Tokens are short-lived here, so a renewal may happen at any time. */
function withoutRenewals(heard: readonly string[]): string[] {
  return heard.filter((line) => !line.endsWith(' scheduled'));
}

describe('a fresh project that installs the packed packages', () => {
  let projects: ConsumerProjects;
  let browser: Browser | undefined;

  before(async () => {
    projects = await consumerProjects();
    if (missingBrowser === false) browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    projects.remove();
  });

  async function assertPlays(folder: string, alsoShown?: string): Promise<void> {
    assert.ok(browser);
    const site = await serveProject(folder);
    try {
      const { page, troubles } = await watchPage(browser, `${site.origin}/`);
      await waitForPicture(page);
      if (alsoShown !== undefined) await page.waitForSelector(alsoShown);
      assert.deepEqual(troubles, []);
      await page.close();
    } finally {
      await site.close();
    }
  }

  describe('as plain HTML', { skip: missingBrowser }, () => {
    let project: ConsumerProject;

    before(() => {
      const packed = ['@gatecast/qa', '@gatecast/script-tag'];
      project = projects.create('plain', { packed, files: { 'empty.html': '<!doctype html><p>Empty</p>' } });
      const path = join(project.folder, scriptTagFolder, 'integrity.json');
      const integrity = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
      writeFileSync(join(project.folder, 'index.html'), plainPage(scriptTagFolder, integrity));
    });

    it('plays with one script tag and an integrity hash for every module', async () => {
      await assertPlays(project.folder);
    });

    it('passes QA cases with the installed command, which explains what it cannot test', async () => {
      const site = await serveProject(project.folder);
      const { port } = new URL(site.origin);
      // Another origin than that of the page, as in most deployments: the faults are made in the page.
      const html = plainPage(scriptTagFolder, {}).replace(
        playerTag,
        foreignPlayerTag(`http://localhost:${port}`),
      );
      writeFileSync(join(project.folder, 'watch.html'), html);
      const run = (...args: string[]): Promise<CommandEnd> =>
        runCommand(join(project.folder, 'node_modules/.bin/gatecast-qa'), args);
      try {
        const cases = ['offline', 'refuse-media', 'clock-ahead'].flatMap((name) => ['--case', name]);
        const [tested, empty, dead] = await Promise.all([
          run(`${site.origin}/watch.html`, ...cases, '--json', join(project.folder, 'qa.json')),
          run(`${site.origin}/empty.html`),
          run('http://127.0.0.1:1/watch?token=not-for-output', '--case', 'offline'),
        ]);
        assert.match(tested.out, /\n2 passed, 0 failed, 1 skipped\n$/, tested.err);
        assert.deepEqual([tested.code, tested.err], [0, '']);
        assert.match(tested.out, /^clock-ahead +skipped .+This case requires the fault API/m);
        const json = readFileSync(join(project.folder, 'qa.json'), 'utf8');
        assert.match(json, /"name": "offline",\s+"outcome": "passed"/);
        assert.ok(!`${tested.out}${json}`.includes('eyJ'), 'no token is in the output');
        assert.equal(empty.code, 1);
        assert.match(
          empty.err,
          /^gatecast-qa: The page on .+ has neither <secure-player> nor <secure-webcaster> .+\n$/,
        );
        assert.equal(dead.code, 1);
        assert.match(
          dead.err,
          /^gatecast-qa: The page on 127\.0\.0\.1:1 could not be opened: net::ERR_[A-Z_]+\n$/,
        );
        assert.ok(!dead.out.includes('not-for-output'));
      } finally {
        await site.close();
      }
    });

    it('does not run a chunk whose hash differs', async () => {
      assert.ok(browser);
      const alter = (path: string, bytes: Buffer): Buffer =>
        /gatecast-hls[.-]/.test(path)
          ? Buffer.concat([bytes, Buffer.from('globalThis.altered = true;')])
          : bytes;
      const site = await serveProject(project.folder, { alter });
      try {
        const { page } = await watchPage(browser, `${site.origin}/`);
        const code = await page.evaluate(
          () =>
            new Promise<string>((resolve) => {
              const player = document.querySelector('secure-player');
              player?.addEventListener('secure-error', ({ error }) => resolve(error.code), { once: true });
            }),
        );
        assert.equal(code, 'engine-load-failed');
        assert.equal(await page.evaluate(() => 'altered' in globalThis), false);
        await page.close();
      } finally {
        await site.close();
      }
    });
  });

  describe('as the Vite example', { skip: missingBrowser }, () => {
    let project: ConsumerProject;

    before(() => {
      project = createExampleProject(projects, 'vite', {
        packed: ['@gatecast/react'],
        dependencies: {
          react: ownRange('react'),
          'react-dom': ownRange('react-dom'),
        },
        files: {
          'react.html': reactPage,
          'react.js': reactMain,
          'broadcast.html': broadcastPage,
          'broadcast.js': broadcastMain,
          'react.config.mjs': reactConfig,
          'react-player.config.mjs': reactPlayerConfig,
        },
      });
    });

    function build(...args: string[]): void {
      const vite = join(project.folder, 'node_modules/vite/bin/vite.js');
      const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', ...args], {
        cwd: project.folder,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      assert.equal(status, 0, stdout + stderr);
    }

    it('builds, plays, and shows the webcaster', async () => {
      build();
      await assertPlays(join(project.folder, 'dist'), 'secure-webcaster button');
    });

    it('sends the token request before its code has come, and no second one', async () => {
      assert.ok(browser);
      build();
      const site = await serveProject(join(project.folder, 'dist'));
      try {
        const page = await browser.newPage();
        const isFirst = (request: Request): boolean =>
          request.url() === `${site.origin}/api/tokens` && (request.postData() ?? '').includes('"initial"');
        const sent: Request[] = [];
        page.on('request', (request) => {
          if (isFirst(request)) sent.push(request);
        });
        const first = page.waitForRequest(isFirst);
        await page.route(/\/assets\/index-[^/]+\.js$/, async (route) => {
          await first;
          await route.continue();
        });
        await page.goto(`${site.origin}/`);
        await waitForPicture(page);
        assert.equal(sent.length, 1);
        await page.close();
      } finally {
        await site.close();
      }
    });

    it('bundles the React player without the webcaster', () => {
      build('--config', 'react-player.config.mjs');
      const folder = join(project.folder, 'dist-react-player/assets');
      const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
      assert.ok(texts.some((text) => text.includes('secure-player')));
      assert.deepEqual(
        texts.filter((text) => text.includes('secure-webcaster')),
        [],
      );
    });

    describe('with React', () => {
      before(() => {
        build('--config', 'react.config.mjs');
      });

      it('passes events to props, and cleans up on unmount', async () => {
        assert.ok(browser);
        const site = await serveProject(join(project.folder, 'dist-react'));
        try {
          const { page, troubles } = await watchPage(browser, `${site.origin}/react.html`);
          await waitForPicture(page);
          await page.waitForFunction(() => window.page.heard.includes('first playing'));
          const after = await page.evaluate(async () => {
            const { heard, render, unmount } = window.page;
            const player = document.querySelector('secure-player');
            if (!player) throw new Error('There is no player.');
            const first = [...heard];
            heard.length = 0;
            render('second');
            await new Promise(requestAnimationFrame);
            await player.refreshToken();
            const second = [...heard];
            unmount();
            await new Promise(requestAnimationFrame);
            const { playback } = player.diagnostics();
            return { first, second, isThere: player.isConnected, playback, paused: player.paused };
          });
          assert.ok(after.first.includes('first initial'), after.first.join());
          assert.deepEqual(withoutRenewals(after.second), ['second manual']);
          assert.deepEqual([after.isThere, after.playback, after.paused], [false, null, true]);
          assert.deepEqual(troubles, []);
          await page.close();
        } finally {
          await site.close();
        }
      });

      it('broadcasts in React’s strict mode, and stops on unmount', async () => {
        assert.ok(browser);
        const site = await serveProject(join(project.folder, 'dist-react'));
        try {
          const { page, troubles } = await watchPage(browser, `${site.origin}/broadcast.html`);
          await page.waitForFunction(() => window.broadcast.webcaster.current?.endpoint === '/whip/react');
          await page.evaluate(() => window.broadcast.webcaster.current?.startBroadcast());
          const seen = await page.evaluate(async () => {
            const { heard, render, unmount, webcaster } = window.broadcast;
            const { current: element } = webcaster;
            if (!element) throw new Error('There is no webcaster.');
            const first = { heard: [...heard], state: element.state };
            heard.length = 0;
            render('second', { refreshLead: 5, controls: true });
            while (element.refreshLead !== 5) await new Promise(requestAnimationFrame);
            await element.refreshToken();
            const second = {
              heard: [...heard],
              props: [element.refreshLead, element.controls],
              isSame: webcaster.current === element,
              count: document.querySelectorAll('secure-webcaster').length,
            };
            unmount();
            while (element.isConnected || element.state === 'live') await new Promise(requestAnimationFrame);
            return { first, second };
          });
          assert.equal(seen.first.state, 'live');
          // Once each, although the component was mounted twice.
          assert.deepEqual(withoutRenewals(seen.first.heard), [
            'first connecting',
            'first initial',
            'first live',
          ]);
          const { heard, ...second } = seen.second;
          assert.deepEqual(withoutRenewals(heard), ['second manual']);
          assert.deepEqual(second, { props: [5, true], isSame: true, count: 1 });
          assert.deepEqual(troubles, []);
          await page.close();
        } finally {
          await site.close();
        }
      });
    });
  });

  describe('on a server', () => {
    it('imports every entry without an error, a warning, a timer or a global', () => {
      const all = publicPackages();
      const { folder } = projects.create('server', {
        packed: all.map(({ name }) => name),
        dependencies: { react: ownRange('react'), 'react-dom': ownRange('react-dom') },
        files: {},
      });
      const entries = [
        // `gatecast` is a command only.
        ...all.filter(({ manifest }) => manifest.exports?.['.']).map(({ name }) => name),
        '@gatecast/player/define',
        '@gatecast/webcaster/define',
        '@gatecast/player/react',
      ];
      const code = `
        const before = new Set(Object.getOwnPropertyNames(globalThis));
        for (const entry of ${JSON.stringify(entries)}) await import(entry);
        // Lit's builds for servers bring a registry of their own, which the tags are defined in.
        const lits = /^lit|^reactiveElement|^customElements$/;
        const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !lits.test(name));
        if (added.length > 0) throw new Error('new globals: ' + added.join());
        const { createElement } = await import('react');
        const { renderToString } = await import('react-dom/server');
        const { SecurePlayer } = await import('@gatecast/react');
        console.log(renderToString(createElement(SecurePlayer, { src: '/a.m3u8', token: 'not-for-markup', id: 'one' })));
      `;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', code],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' },
          timeout: 240_000,
        },
      );
      assert.equal(stderr, '');
      assert.equal(status, 0);
      assert.equal(stdout, '<secure-player id="one"></secure-player>\n');
    });
  });
});
