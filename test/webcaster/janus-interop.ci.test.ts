import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { missingBrowser, openBrowser } from '../support/open-browser.js';
import { serveGatecast } from '../support/serve-gatecast.js';
import { JANUS_TOKEN, missingForJanus, startJanus } from './janus/start-janus.js';

const skip = missingForJanus() ?? missingBrowser;

const PAGE = `<!doctype html><html lang="en"><body><script type="module">
import '/gatecast.js';
window.states = [];
addEventListener('secure-broadcast-state', ({ state, reason }) => states.push(state + ':' + reason));
</script></body></html>`;

interface Seen {
  readonly states: readonly string[];
  readonly packetsReceived: number;
  readonly askedForTokens: readonly string[];
}

declare global {
  interface Window {
    states: string[];
  }
}

/** Runs in the page: sends a refused token, then a valid one, and stays live until the ingest reports media. */
async function broadcast({ endpoint, token }: { endpoint: string; token: string }): Promise<Seen> {
  const peers: RTCPeerConnection[] = [];
  const NativePeer = RTCPeerConnection;
  window.RTCPeerConnection = class extends NativePeer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
  const askedForTokens: string[] = [];
  const webcaster = document.createElement('secure-webcaster');
  webcaster.setAttribute('endpoint', endpoint);
  webcaster.tokenSource = ({ reason }) => {
    askedForTokens.push(reason);
    const isFirst = askedForTokens.length === 1;
    return Promise.resolve({ token: isFirst ? 'another-token' : token, expiresAt: Date.now() / 1000 + 600 });
  };
  document.body.append(webcaster);
  await webcaster.startBroadcast();
  let packetsReceived = 0;
  const endsAtMs = Date.now() + 10_000;
  while (packetsReceived === 0 && Date.now() < endsAtMs) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const report = await peers.at(-1)?.getStats();
    // From the RTCP receiver reports of Janus: it received the media.
    report?.forEach((stat: { type: string; kind?: string; packetsReceived?: number }) => {
      if (stat.type === 'remote-inbound-rtp' && stat.kind === 'video') packetsReceived = 1;
    });
  }
  await webcaster.stopBroadcast();
  webcaster.remove();
  return { states: window.states, packetsReceived, askedForTokens };
}

describe('<secure-webcaster> to Janus behind simple-whip-server', { skip }, () => {
  it('goes live despite a 403 without a token, a relative Location and an unreadable ETag', async () => {
    const janus = await startJanus();
    const { folder } = await buildGatecast();
    const site = await serveGatecast(folder, PAGE);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const requests: string[] = [];
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        const method = response.request().method();
        if (pathname.startsWith('/whip/') && method !== 'OPTIONS') {
          requests.push(`${method} ${pathname} ${response.status()}`);
        }
      });
      await page.goto(site.origin);
      await page.waitForFunction(() => customElements.get('secure-webcaster') !== undefined);
      const seen = await page.evaluate(broadcast, { endpoint: janus.endpoint, token: JANUS_TOKEN });
      assert.deepEqual(seen.states, ['connecting:requested', 'live:connected', 'stopped:requested']);
      assert.deepEqual(seen.askedForTokens, ['initial', 'rejected']);
      assert.ok(seen.packetsReceived > 0, 'Janus reports what it received');
      const [refused, accepted, deletion, ...others] = requests.filter(
        (request) => !request.startsWith('PATCH'),
      );
      assert.deepEqual(
        [refused, accepted, others],
        ['POST /whip/endpoint/cam 403', 'POST /whip/endpoint/cam 201', []],
      );
      // The end of the connection usually arrives first, and then Janus has removed the session already.
      assert.match(deletion ?? '', /^DELETE \/whip\/resource\/cam (200|404)$/);
      assert.ok(requests.includes('PATCH /whip/resource/cam 204'), 'candidates trickle without an ETag');
      // The name of the stream is available again at once.
      const again = await page.evaluate(broadcast, { endpoint: janus.endpoint, token: JANUS_TOKEN });
      assert.equal(again.states.at(-2), 'live:connected');
    } finally {
      await browser.close();
      await site.close();
      await janus.close();
    }
  });
});
