import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { missingBrowser, openBrowser, waitForPicture } from '../support/open-browser.js';
import { serveGatecast } from '../support/serve-gatecast.js';
import { JANUS_TOKEN, startJanus, type JanusServers } from '../support/janus/start-janus.js';
import { missingJanus } from '../support/janus/third-party.js';
import { viewPlainly } from '../support/janus/view-plainly.js';
import { until } from '../support/wait.js';

const skip = missingJanus || missingBrowser;

const PAGE = `<!doctype html><html lang="en"><body><script type="module">
import '/gatecast.js';
window.states = [];
addEventListener('secure-broadcast-state', ({ state, reason }) => states.push(state + ':' + reason));
window.peers = [];
const NativePeer = RTCPeerConnection;
window.RTCPeerConnection = class extends NativePeer {
  constructor(configuration) {
    super(configuration);
    peers.push(this);
  }
};
// The open connection counts as interrupted until it has another description of the server.
window.interrupt = () => {
  const peer = peers.find(({ signalingState }) => signalingState !== 'closed');
  Object.defineProperty(peer, 'connectionState', { get: () => 'disconnected', configurable: true });
  peer.setRemoteDescription = async (description) => {
    delete peer.connectionState;
    delete peer.setRemoteDescription;
    await peer.setRemoteDescription(description);
  };
  peer.dispatchEvent(new Event('connectionstatechange'));
};
</script></body></html>`;

declare global {
  interface Window {
    states: string[];
    peers: RTCPeerConnection[];
    askedForTokens: string[];
    interrupt(): void;
  }
}

/** Runs in the page: goes live with a refused token first, then with a valid one. */
async function goLive({ endpoint, token }: { endpoint: string; token: string }): Promise<void> {
  window.askedForTokens = [];
  window.states.length = 0;
  const webcaster = document.createElement('secure-webcaster');
  webcaster.setAttribute('endpoint', endpoint);
  webcaster.tokenSource = ({ reason }) => {
    window.askedForTokens.push(reason);
    const isFirst = window.askedForTokens.length === 1;
    return Promise.resolve({ token: isFirst ? 'another-token' : token, expiresAt: Date.now() / 1000 + 600 });
  };
  document.body.append(webcaster);
  await webcaster.startBroadcast();
}

/** Runs in the page: ends the broadcast and removes the element. */
async function stop(): Promise<void> {
  const webcaster = document.querySelector('secure-webcaster');
  await webcaster?.stopBroadcast();
  webcaster?.remove();
}

/** Runs in the page: plays with a refused token first, then with a valid one. Resolves with why tokens were asked for. */
async function play({ endpoint, token }: { endpoint: string; token: string }): Promise<string[]> {
  const reasons: string[] = [];
  const player = document.createElement('secure-player');
  player.setAttribute('engine', 'whep');
  player.setAttribute('src', endpoint);
  player.muted = true;
  player.tokenSource = ({ reason }) => {
    reasons.push(reason);
    const isFirst = reasons.length === 1;
    return Promise.resolve({ token: isFirst ? 'another-token' : token, expiresAt: Date.now() / 1000 + 600 });
  };
  document.body.append(player);
  await player.play();
  return reasons;
}

/** The plugin of an open handle of a broadcast or a viewer. */
const HANDLE = 'janus.plugin.videoroom';

describe('<secure-webcaster> to Janus behind the WHIP and WHEP servers of its makers', { skip }, () => {
  let janus: JanusServers;
  const ends: (() => Promise<void>)[] = [];
  let page: Page;
  let requests: string[] = [];

  before(async () => {
    janus = await startJanus();
    ends.push(() => janus.close());
    const site = await serveGatecast((await buildGatecast()).folder, PAGE);
    ends.push(() => site.close());
    const browser = await openBrowser();
    ends.push(() => browser.close());
    page = await browser.newPage();
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      const method = response.request().method();
      if (pathname.startsWith('/whip/') && method !== 'OPTIONS') {
        requests.push(`${method} ${pathname} ${response.status()}`);
      }
    });
    await page.goto(site.origin);
    await page.waitForFunction(() => customElements.get('secure-webcaster') !== undefined);
  });

  after(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('goes live despite a 403 for a refused token, a relative Location and an unreadable ETag', async () => {
    await page.evaluate(goLive, { endpoint: janus.whip, token: JANUS_TOKEN });
    assert.deepEqual(await page.evaluate(() => window.states), ['connecting:requested', 'live:connected']);
    assert.deepEqual(await page.evaluate(() => window.askedForTokens), ['initial', 'rejected']);
    await until(() => requests.length > 2, 'a trickled candidate');
    assert.deepEqual(requests.slice(0, 3), [
      'POST /whip/endpoint/cam 403',
      'POST /whip/endpoint/cam 201',
      'PATCH /whip/resource/cam 204',
    ]);
    assert.deepEqual(await janus.view.handles(), [HANDLE]);
  });

  it('keeps its place in the room by an ICE restart', async () => {
    const feeds = await janus.view.feeds();
    assert.equal(feeds.length, 1);
    requests = [];
    await page.evaluate(() => window.interrupt());
    await page.waitForFunction(() => window.states.at(-1) === 'live:reconnected');
    assert.equal(requests[0], 'PATCH /whip/resource/cam 200');
    assert.ok(requests.every((request) => request.startsWith('PATCH')));
    assert.deepEqual(await janus.view.feeds(), feeds);
  });

  it('is seen by a viewer, and Janus closes what served the viewer', async () => {
    const [feed = 0] = await janus.view.feeds();
    const endpoint = janus.whep.add('plain', JANUS_TOKEN, feed);
    const { pictures, width } = await page.evaluate(viewPlainly, { endpoint, token: JANUS_TOKEN });
    assert.ok(pictures >= 10, `${pictures} pictures`);
    assert.ok(width > 0);
    await until(() => janus.whep.countViewers() === 0, 'the viewer to leave');
    await until(async () => (await janus.view.handles()).length === 1, 'the handle of the viewer to close');
  });

  it('is played by <secure-player engine="whep">, whose session Janus closes with the element', async () => {
    const [feed = 0] = await janus.view.feeds();
    const endpoint = janus.whep.add('player', JANUS_TOKEN, feed);
    const asked = await page.evaluate(play, { endpoint, token: JANUS_TOKEN });
    assert.deepEqual(asked, ['initial', 'rejected']);
    await waitForPicture(page);
    assert.equal(janus.whep.countViewers(), 1);
    assert.deepEqual(await janus.view.handles(), [HANDLE, HANDLE]);
    await page.evaluate(() => document.querySelector('secure-player')?.remove());
    await until(() => janus.whep.countViewers() === 0, 'the player to leave');
    await until(async () => (await janus.view.handles()).length === 1, 'the handle of the player to close');
  });

  it('ends its session in Janus, and the endpoint takes the next broadcast at once', async () => {
    requests = [];
    await page.evaluate(stop);
    // The end of the connection may arrive first: then Janus has removed the session already.
    assert.match(requests.join(), /^DELETE \/whip\/resource\/cam (200|404)$/);
    await until(
      async () => (await janus.view.handles()).length === 0,
      'the handle of the broadcast to close',
    );
    await page.evaluate(goLive, { endpoint: janus.whip, token: JANUS_TOKEN });
    assert.equal(await page.evaluate(() => window.states.at(-1)), 'live:connected');
    await page.evaluate(stop);
    await until(async () => (await janus.view.handles()).length === 0, 'the second handle to close');
  });
});
