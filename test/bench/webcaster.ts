import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { createBackend } from '../../demo/backend/backend.js';
import { findEngine } from '../support/runner/find-engines.js';
import { serveGatecast } from '../support/serve-gatecast.js';

/** Times in milliseconds, from a click on a newly opened page with camera permission. */
export interface StartTimes {
  readonly toFirstPacketMs: number;
  readonly toLiveMs: number;
}

export interface Spread {
  readonly medianMs: number;
  readonly worstMs: number;
  readonly runs: number;
}

export interface WebcasterFigures {
  readonly toFirstPacket: Spread;
  readonly toLive: Spread;
  /** From the end of the ingest session to `live`. */
  readonly recovery: Spread;
  readonly payload: Payload;
}

/** Brotli bytes of the script-tag build that a page loads to go live by WHIP, with English controls. */
export interface Payload {
  /** Files that a page that only plays loads too. */
  readonly shared: Readonly<Record<string, number>>;
  /** Files that only a broadcast needs. */
  readonly own: Readonly<Record<string, number>>;
  readonly ownBytes: number;
}

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * Measures the webcaster against the demo's ingest on this machine.
 *
 * @throws Error when there is no Chromium.
 */
export async function measureWebcaster({ runs = 10 }: { runs?: number } = {}): Promise<WebcasterFigures> {
  const engine = findEngine('chromium');
  if (!engine) throw new Error('There is no Chromium on this machine');
  const { folder } = await buildGatecast();
  const backend = await (await createBackend()).listen();
  const site = await serveGatecast(folder, PAGE);
  const browser = await chromium.launch({ executablePath: engine.executable, args: CHROMIUM_ARGS });
  try {
    const payload = await measurePayload(browser, site.origin, backend.origin, folder);
    const starts: StartTimes[] = [];
    for (let run = 0; run < runs; run += 1)
      starts.push(await measureStart(browser, site.origin, backend.origin));
    return {
      toFirstPacket: spread(starts.map(({ toFirstPacketMs }) => toFirstPacketMs)),
      toLive: spread(starts.map(({ toLiveMs }) => toLiveMs)),
      recovery: spread(await measureRecovery(browser, site.origin, backend.origin, runs)),
      payload,
    };
  } finally {
    await browser.close();
    await site.close();
    await backend.close();
  }
}

async function measurePayload(
  browser: Browser,
  origin: string,
  backendOrigin: string,
  folder: string,
): Promise<Payload> {
  const player = await collectFiles(browser, origin, backendOrigin, 'secure-player', async (page) => {
    await page.waitForFunction(() => (document.querySelector('secure-player')?.currentTime ?? 0) > 0);
    await page.waitForFunction(() => customElements.get('secure-webcaster') !== undefined);
  });
  const webcaster = await collectFiles(browser, origin, backendOrigin, 'secure-webcaster', async (page) => {
    await page.waitForSelector('secure-webcaster:defined');
    await page.evaluate(goLive);
  });
  const weigh = (paths: readonly string[]) =>
    Object.fromEntries(
      paths.map((path) => [path, brotliCompressSync(readFileSync(join(folder, path))).length]),
    );
  const own = weigh([...webcaster].filter((path) => !player.has(path)));
  return {
    shared: weigh([...webcaster].filter((path) => player.has(path))),
    own,
    ownBytes: Object.values(own).reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** The scripts that a page with this tag loads until the tag is in use. */
async function collectFiles(
  browser: Browser,
  origin: string,
  backendOrigin: string,
  tag: string,
  use: (page: Page) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const page = await browser.newPage();
  const paths = new Set<string>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.url().startsWith(origin) && pathname.endsWith('.js')) paths.add(pathname.slice(1));
  });
  const query = new URLSearchParams({ backend: backendOrigin, stream: 'bench-payload', tag });
  await page.goto(`${origin}/?${query.toString()}`);
  await use(page);
  await page.close();
  return paths;
}

async function measureStart(browser: Browser, origin: string, backendOrigin: string): Promise<StartTimes> {
  const page = await openPage(browser, origin, backendOrigin);
  try {
    return await page.evaluate(goLive);
  } finally {
    await page.evaluate(stop);
    await page.close();
  }
}

async function measureRecovery(
  browser: Browser,
  origin: string,
  backendOrigin: string,
  runs: number,
): Promise<number[]> {
  const page = await openPage(browser, origin, backendOrigin);
  await page.evaluate(goLive);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await page.waitForTimeout(1500);
    times.push(await page.evaluate(killAndRecover, backendOrigin));
  }
  await page.evaluate(stop);
  await page.close();
  return times;
}

let pages = 0;

async function openPage(browser: Browser, origin: string, backendOrigin: string): Promise<Page> {
  const page = await browser.newPage();
  const query = new URLSearchParams({ backend: backendOrigin, stream: `bench-${(pages += 1)}` });
  await page.goto(`${origin}/?${query.toString()}`);
  await page.waitForSelector('secure-webcaster:defined');
  return page;
}

/** Runs in the page: goes live as a user does, and measures until the first packet is sent. */
async function goLive(): Promise<StartTimes> {
  const webcaster = document.querySelector('secure-webcaster');
  if (!webcaster) throw new Error('There is no webcaster');
  let firstPacketAtMs = NaN;
  const peers: RTCPeerConnection[] = [];
  const NativePeer = RTCPeerConnection;
  window.RTCPeerConnection = class extends NativePeer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
  const startedAtMs = performance.now();
  const live = webcaster.startBroadcast();
  while (Number.isNaN(firstPacketAtMs)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const report = await peers.at(-1)?.getStats();
    report?.forEach((each: { type: string; packetsSent?: number }) => {
      if (each.type === 'outbound-rtp' && (each.packetsSent ?? 0) > 0) firstPacketAtMs = performance.now();
    });
    if (performance.now() - startedAtMs > 20_000) throw new Error('No packet in 20 s');
  }
  const packetAtMs = firstPacketAtMs - startedAtMs;
  const stateAtMs = live.then(() => performance.now() - startedAtMs);
  return { toFirstPacketMs: packetAtMs, toLiveMs: await stateAtMs };
}

/** Runs in the page: the ingest drops the session without notice. */
async function killAndRecover(backendOrigin: string): Promise<number> {
  const webcaster = document.querySelector('secure-webcaster');
  if (!webcaster) throw new Error('There is no webcaster');
  const isLiveAgain = new Promise<number>((resolve) => {
    webcaster.addEventListener('secure-broadcast-state', ({ state }) => {
      if (state === 'live') resolve(performance.now());
    });
  });
  await fetch(`${backendOrigin}/api/qa/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ingest: { kill: true } }),
  });
  const killedAtMs = performance.now();
  return (await isLiveAgain) - killedAtMs;
}

async function stop(): Promise<void> {
  await document.querySelector('secure-webcaster')?.stopBroadcast();
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (index: number) => Math.round(sorted[index] ?? NaN);
  return {
    medianMs: at(Math.floor((sorted.length - 1) / 2)),
    worstMs: at(sorted.length - 1),
    runs: sorted.length,
  };
}

const PAGE = `<!doctype html><html lang="en"><script type="module">
import '/gatecast.js';
const query = new URLSearchParams(location.search);
const backend = query.get('backend');
const tag = query.get('tag') ?? 'secure-webcaster';
const element = document.createElement(tag);
element.setAttribute('token-url', backend + '/api/tokens');
if (tag === 'secure-player') {
  Object.assign(element, { muted: true, autoplay: true });
  element.setAttribute('src', backend + '/live/demo-low.m3u8');
} else {
  element.setAttribute('controls', '');
  element.setAttribute('stream', query.get('stream'));
  element.setAttribute('endpoint', backend + '/whip/{stream}');
}
document.body.append(element);
</script><body></body></html>`;

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await measureWebcaster({ runs: Number(process.argv[2] ?? 10) }), undefined, 2));
}
