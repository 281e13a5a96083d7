/**
 * Takes screenshots of every page of demo and documentation, wide and narrow, light and dark. Pages of the demo play
 * for some seconds first.
 *
 * npm start, then: node --conditions=gatecast-source --import tsx test/support/screenshots.ts
 *   --origin http://localhost:5173  --out .cache/screenshots  --seconds 12  [page address …]
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { demoPages, docsPaths } from './demo-pages.js';
import { goLive } from './go-live.js';
import { findEngine } from './runner/find-engines.js';

interface Shot {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

const shots: readonly Shot[] = [
  { name: 'wide-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'wide-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: 'narrow-light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'narrow-dark', width: 390, height: 844, colorScheme: 'dark' },
];

/** A page of the documentation needs only the time to load and to start its example. */
const docsSeconds = 2;
const everyPath = [...demoPages.map(({ path }) => path), '/csp/', ...docsPaths()];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    origin: { type: 'string', default: 'http://localhost:5173' },
    out: { type: 'string', default: '.cache/screenshots' },
    seconds: { type: 'string', default: '12' },
    only: { type: 'string', default: '' },
    full: { type: 'boolean', default: false },
  },
});

async function shoot(browser: Browser, address: string, shot: Shot): Promise<void> {
  const { name, width, height, colorScheme } = shot;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    permissions: ['camera', 'microphone'],
  });
  try {
    const page = await context.newPage();
    await page.goto(new URL(address, values.origin).href, { waitUntil: 'load' });
    await goLive(page);
    const seconds = address.startsWith('/docs/') ? docsSeconds : Number(values.seconds);
    await page.waitForTimeout(seconds * 1000);
    const file = `${address.replace(/[^\w-]+/g, '-').replace(/^-|-$/g, '') || 'index'}-${name}.png`;
    await page.screenshot({ path: join(values.out, file), fullPage: values.full });
    console.log(join(values.out, file));
  } finally {
    await context.close();
  }
}

const found = findEngine('chromium');
if (!found) throw new Error('No Chromium was found; GATECAST_CHROMIUM may name one.');
await mkdir(values.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: found.executable,
  args: [
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    '--no-sandbox',
  ],
});
try {
  for (const address of positionals.length > 0 ? positionals : everyPath) {
    for (const shot of shots.filter(({ name }) => name.includes(values.only)))
      await shoot(browser, address, shot);
  }
} finally {
  await browser.close();
}
