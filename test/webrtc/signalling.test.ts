import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whipErrors } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';
import { Signalling } from '@gatecast/webrtc/internal/signalling';
import { FakeClock } from '../support/fake-clock.js';

const ENDPOINT = 'https://ingest.example/whip/x';
const offerOf = (generation: number) =>
  `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:client${generation}\r\na=ice-pwd:secret\r\n`;
const answerOf = (options = '') =>
  `v=0\r\n${options}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:server1\r\na=ice-pwd:secret\r\n`;
const TRICKLE = 'a=ice-options:trickle\r\n';

/** A connection that has gathered all candidates at once; only descriptions change. */
class FakePeer extends EventTarget {
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  #generation = 0;

  createOffer(): Promise<RTCSessionDescriptionInit> {
    this.#generation += 1;
    return Promise.resolve({ type: 'offer', sdp: offerOf(this.#generation) });
  }

  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    return Promise.resolve();
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remoteDescription = description;
    return Promise.resolve();
  }

  endGathering(): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: null }));
  }
}

interface Server {
  readonly answer: string;
  readonly headers?: Record<string, string>;
  /** What it says to PATCH. */
  readonly onPatch?: () => Response;
}

/** Opens a session on a server that the test describes. */
async function open({ answer, headers = {}, onPatch = newCredentials }: Server) {
  const { clock } = new FakeClock();
  const patches: { ifMatch: string | null; body: string }[] = [];
  const fetch = (_url: string, { method, headers: sent, body }: RequestInit) => {
    if (method === 'POST') {
      return Promise.resolve(new Response(answer, { status: 201, headers: { Location: '/s', ...headers } }));
    }
    patches.push({ ifMatch: new Headers(sent).get('If-Match'), body: typeof body === 'string' ? body : '' });
    return Promise.resolve(onPatch());
  };
  const tokens = {
    fetch,
    withoutTokens: (url: string) => url,
    isAllowedOrigin: () => true,
    ready: () => Promise.resolve(),
    keepUntil: () => undefined,
  };
  const context = { tokens, clock, log: () => undefined, errors: whipErrors, protocol: 'whip' };
  const peer = new FakePeer();
  const signalling = new Signalling(context, peer as never);
  const { signal } = signalling;
  const created = await signalling.create({ endpoint: ENDPOINT, sdp: offerOf(0) }, signal);
  signalling.begin(created, answer);
  await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  return { signalling, peer, patches };
}

function newCredentials(): Response {
  return new Response('a=ice-ufrag:server2\r\na=ice-pwd:secret\r\n');
}

/** Opens a session, and restarts ICE. */
async function restart(server: Server) {
  const { signalling, peer, patches } = await open(server);
  const outcome = signalling.restart(signalling.signal).catch((error: unknown) => error);
  setImmediate(() => peer.endGathering());
  return { error: await outcome, patches, remote: peer.remoteDescription?.sdp ?? '' };
}

describe('an ICE restart', () => {
  it('sends the new credentials, and takes those of the server', async () => {
    const { error, patches, remote } = await restart({ answer: answerOf(), headers: { ETag: '"1"' } });
    assert.equal(error, undefined);
    assert.deepEqual(
      patches.map(({ ifMatch }) => ifMatch),
      ['*'],
    );
    assert.match(patches[0]?.body ?? '', /a=ice-ufrag:client1/);
    assert.match(remote, /a=ice-ufrag:server2/);
  });

  it('is tried without an ETag if the server takes candidates: CORS may hide it', async () => {
    const { error, patches, remote } = await restart({ answer: answerOf(TRICKLE) });
    assert.equal(error, undefined);
    assert.equal(patches.length, 1);
    assert.match(remote, /a=ice-ufrag:server2/);
  });

  it('is not tried if the server takes no PATCH', async () => {
    const { error, patches } = await restart({ answer: answerOf() });
    assert.match(String(error), /ICE restarts/);
    assert.deepEqual(patches, []);
  });
});

describe('the question whether the server still has a session', () => {
  const ask = async (server: Server) => {
    const { signalling, peer, patches } = await open(server);
    await peer.setLocalDescription(await peer.createOffer());
    return { isGone: await signalling.isGone(signalling.signal), patches };
  };

  for (const status of [204, 400, 404, 405, 410, 412, 500] as const)
    it(`is asked by a PATCH that changes nothing, and ${String(status)} is ${[404, 410].includes(status) ? 'no' : 'not no'}`, async () => {
      const { isGone, patches } = await ask({
        answer: answerOf(),
        headers: { ETag: '"1"' },
        onPatch: () => new Response(null, { status }),
      });
      assert.equal(isGone, [404, 410].includes(status));
      assert.equal(patches.length, 1);
      assert.equal(patches[0]?.ifMatch, '"1"');
      assert.match(patches[0].body, /a=ice-ufrag:client1\r\na=ice-pwd:secret\r\na=end-of-candidates\r\n$/);
    });

  it('is not asked of a server that takes no PATCH', async () => {
    const { isGone, patches } = await ask({
      answer: answerOf(),
      onPatch: () => new Response(null, { status: 404 }),
    });
    assert.deepEqual([isGone, patches], [false, []]);
  });
});
