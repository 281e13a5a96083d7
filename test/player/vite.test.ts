import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startPlayers, startScriptHash } from '@gatecast/player/vite';
import { build, createLogger, createServer } from 'vite';
import type { InlineConfig, Rolldown } from 'vite';
import { sourceConditions } from '../../.config/bundle/build-environments.js';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';

const tag = '<secure-player src="/live/tv.m3u8" token-url="/api/tokens"></secure-player>';
const page = (body: string, script: string): string =>
  `<!doctype html><html lang="en"><head><title>TV</title></head><body>${body}<script type="module" src="${script}"></script></body></html>`;

const appFiles = {
  'index.html': page(tag, '/main.js'),
  'shows/late/index.html': page(tag, '/lazy.js'),
  'about.html': page('<p>No player</p>', '/main.js'),
  'tagged.html': page(tag, '/other.js'),
  'main.js': "import '@gatecast/player/define';\n",
  'lazy.js': "import('@gatecast/player/define');\n",
  'other.js': 'document.title += 1;\n',
};
const pages = Object.keys(appFiles).filter((path) => path.endsWith('.html'));

/** Marks of modules that a player needs before its first frame, as they are in code that is not minified. */
const needed = {
  'hls.js': /\bclass Hls \{|\bHls = class\b/,
  engine: /\bclass HlsEngine\b|\bHlsEngine = class\b/,
  'parts of the engine': /\bhlsParts = \{/,
  'the playlist check': /\bfunction checkPlaylist\(/,
};

interface Built {
  /** The pages by their paths. */
  readonly pages: Readonly<Record<string, string>>;
  /** The code of the chunks by their paths. */
  readonly chunks: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

describe('startPlayers', () => {
  let folder: string;

  before(() => {
    mkdirSync(join(repositoryRoot, '.build'), { recursive: true });
    folder = mkdtempSync(join(repositoryRoot, '.build/vite-app-'));
    for (const [path, text] of Object.entries(appFiles)) {
      mkdirSync(join(folder, posix.dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const configOf = (more: InlineConfig, warnings: string[] = []): InlineConfig => ({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: sourceConditions },
    customLogger: { ...createLogger('silent'), warn: (message) => warnings.push(message) },
    plugins: [startPlayers()],
    ...more,
  });

  async function buildApp(more: InlineConfig = {}, inputs = pages): Promise<Built> {
    const warnings: string[] = [];
    const { rolldownOptions } = more.build ?? {};
    const result = await build({
      ...configOf(more, warnings),
      build: {
        write: false,
        minify: false,
        target: 'es2022',
        chunkSizeWarningLimit: 9_000,
        rolldownOptions: { input: inputs.map((path) => join(folder, path)), ...rolldownOptions },
      },
    });
    const { output } = result as Rolldown.RolldownOutput;
    const assets = output.filter((each) => each.type === 'asset');
    const chunks = output.filter((each) => each.type === 'chunk');
    return {
      pages: Object.fromEntries(assets.map(({ fileName, source }) => [fileName, source.toString()])),
      chunks: Object.fromEntries(chunks.map(({ fileName, code }) => [fileName, code])),
      warnings,
    };
  }

  /** Attributes and text of the line; fails unless the page has it once, after its tag. */
  function lineOf(html = ''): { attributes: Record<string, string>; script: string } {
    const lines = [...html.matchAll(/<script((?: [\w-]+="[^"]*")*)>(\{let [^<]+)<\/script>/g)];
    assert.equal(lines.length, 1, html);
    const [line] = lines;
    assert.ok(line && line.index > html.indexOf('</secure-player>') && line.index < html.indexOf('</body>'));
    const [, attributes = '', script = ''] = line;
    return {
      attributes: Object.fromEntries(
        [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
      ),
      script,
    };
  }

  /** Paths in the output of the modules that a page asks for, when it is at `https://tv.example/<base><path>`. */
  function partsOf(html: string | undefined, path: string, base = ''): string[] {
    const root = `https://tv.example/${base}`;
    return (lineOf(html).attributes['data-parts'] ?? '').split(' ').map((part) => {
      const { href } = new URL(part, `${root}${path}`);
      assert.ok(href.startsWith(root), href);
      return href.slice(root.length);
    });
  }

  function assertNeeded({ chunks }: Built, parts: readonly string[]): void {
    assert.equal(new Set(parts).size, parts.length);
    const texts = parts.map((part) => {
      assert.ok(part in chunks, `${part} is not in ${Object.keys(chunks).join()}`);
      return chunks[part] ?? '';
    });
    for (const [name, mark] of Object.entries(needed))
      assert.equal(texts.filter((text) => mark.test(text)).length, 1, `${name} in ${parts.join()}`);
  }

  describe('in a build', () => {
    let built: Built;
    let control: Built;

    before(async () => {
      built = await buildApp();
      control = await buildApp({ plugins: [] });
    });

    it('puts the line once after the tag, with the chunks of hls.js and the engine', () => {
      assertNeeded(built, partsOf(built.pages['index.html'], 'index.html'));
    });

    it('does not ask for what the page asks for itself', () => {
      const html = built.pages['index.html'] ?? '';
      const own = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path);
      assert.ok(own.length > 0);
      assert.deepEqual(
        partsOf(html, 'index.html').filter((part) => own.includes(part)),
        [],
      );
    });

    it('asks for the element, too, where the app imports it late', () => {
      const parts = partsOf(built.pages['shows/late/index.html'], 'shows/late/index.html');
      assertNeeded(built, parts);
      assert.ok(parts.some((part) => built.chunks[part]?.includes('customElements.define')));
    });

    it('writes a script with the exported hash', () => {
      const { script } = lineOf(built.pages['index.html']);
      assert.equal(startScriptHash, `sha256-${createHash('sha256').update(script).digest('base64')}`);
    });

    it('leaves pages without a tag as they are', () => {
      assert.equal(built.pages['about.html'], control.pages['about.html']);
    });

    it('leaves a tagged page without the player in its app as it is, and warns', () => {
      assert.equal(built.pages['tagged.html'], control.pages['tagged.html']);
      assert.deepEqual(
        built.warnings.filter((text) => text.includes('secure-player')),
        ['/tagged.html has <secure-player>, but its app does not import @gatecast/player.'],
      );
      assert.deepEqual(control.warnings, []);
    });
  });

  it('uses the base of Vite', async () => {
    const built = await buildApp({ base: '/a/b/' });
    for (const path of ['index.html', 'shows/late/index.html'])
      assertNeeded(built, partsOf(built.pages[path], path, 'a/b/'));
    assert.match(lineOf(built.pages['index.html']).attributes['data-parts'] ?? '', /^\/a\/b\/assets\//);
  });

  it('writes addresses relative to the page for a relative base', async () => {
    const built = await buildApp({ base: './' });
    for (const path of ['index.html', 'shows/late/index.html'])
      assertNeeded(built, partsOf(built.pages[path], path, 'anywhere/'));
    assert.match(
      lineOf(built.pages['shows/late/index.html']).attributes['data-parts'] ?? '',
      /^\.\.\/\.\.\/assets/,
    );
  });

  it('uses addresses that the app renders, and its nonce', async () => {
    const built = await buildApp(
      {
        html: { cspNonce: 'r4nd0m' },
        experimental: { renderBuiltUrl: (file) => `https://cdn.example/${file}?a&b c` },
      },
      ['index.html'],
    );
    const { attributes } = lineOf(built.pages['index.html']);
    assert.equal(attributes['nonce'], 'r4nd0m');
    const parts = (attributes['data-parts'] ?? '').replaceAll('&amp;', '&').split(' ');
    assert.ok(parts.length > 1);
    for (const part of parts) assert.match(part, /^https:\/\/cdn\.example\/assets\/.+\.js\?a&b%20c$/);
  });

  it('names the only chunk of an app in one', async () => {
    const built = await buildApp({ build: { rolldownOptions: { output: { codeSplitting: false } } } }, [
      'index.html',
    ]);
    assert.equal(Object.keys(built.chunks).length, 1);
    assert.deepEqual(partsOf(built.pages['index.html'], 'index.html'), Object.keys(built.chunks));
  });

  it('puts the line into pages of the development server, with a module that it has', async () => {
    const server = await createServer({
      ...configOf({ base: '/a/' }),
      appType: 'mpa',
      server: { middlewareMode: true, ws: false, watch: null },
      optimizeDeps: { noDiscovery: true },
    });
    try {
      const html = await server.transformIndexHtml('/a/index.html', appFiles['index.html']);
      assert.deepEqual(lineOf(html).attributes, { 'data-parts': '/a/@vite/client' });
      assert.match(html, /<script type="module" src="\/a\/@vite\/client">/);
      const about = await server.transformIndexHtml('/a/about.html', appFiles['about.html']);
      assert.doesNotMatch(about, /data-parts/);
    } finally {
      await server.close();
    }
  });
});
