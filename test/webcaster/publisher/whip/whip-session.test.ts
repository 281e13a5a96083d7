import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { EncodingSettings } from '@gatecast/webcaster/internal/publisher/broadcast-target';
import type { OpenRequest, PublisherSession } from '@gatecast/webcaster/internal/publisher/publisher';
import { openWhipSession } from '@gatecast/webcaster/internal/publisher/whip/whip-session';
import { readStats } from '@gatecast/webcaster/internal/stats/broadcast-stats';
import { FakeClock } from '../../../support/fake-clock.js';
import { fakeTrack } from '../../support/fake-sender.js';
import { ANSWER, FakeWhipPeer } from '../../support/fake-whip-peer.js';

const ENDPOINT = 'https://ingest.example/whip/demo';
const ENCODING: EncodingSettings = {
  codec: 'auto',
  videoBitrateKbps: 2500,
  audioBitrateKbps: 128,
  audioMode: 'speech',
  framerate: 30,
  degradationPreference: 'balanced',
  simulcast: false,
};
const RESTARTED = 'a=ice-ufrag:u2\r\na=ice-pwd:p2\r\n';
const NARROW = {
  ...readStats([], null, 0).stats,
  ...{ videoKbps: 300, audioKbps: 90, framesPerSecond: 30, width: 1280, height: 720 },
  ...{ availableKbps: 400, limitedBy: 'bandwidth' as const },
};

function setUp() {
  const fake = new FakeClock();
  const settings = { encoding: ENCODING, allowsPartial: false };
  const logged: string[] = [];
  const ingest = {
    restarts: () => Promise.resolve(),
    ready: () => Promise.resolve(),
    posts: 0,
    answer: ANSWER,
  };
  const fetch = async (_: string, { method }: RequestInit): Promise<Response> => {
    const headers = { 'Content-Type': 'application/sdp', Location: '/session/1', ETag: '"1"' };
    if (method === 'POST') ingest.posts += 1;
    if (method === 'POST') return new Response(ingest.answer, { status: 201, headers });
    if (method === 'DELETE') return new Response(null, { status: 200 });
    await ingest.restarts();
    return new Response(RESTARTED, { status: 200, headers });
  };
  const context = {
    host: null as never,
    clock: fake.clock,
    tokens: {
      get: () => Promise.reject(new Error('Not here.')),
      rejected: () => Promise.reject(new Error('Not here.')),
      accepted: () => undefined,
      withoutTokens: (url: string) => url,
      isAllowedOrigin: () => true,
      ready: () => ingest.ready(),
      keepUntil: () => undefined,
      fetch,
    },
    target: () => ({
      ...{ stream: 'demo', endpoint: ENDPOINT, scriptUrl: null, config: {} },
      ...settings,
    }),
    captureRequest: () => null as never,
    log: (type: string) => logged.push(type),
  };
  const tracks = [fakeTrack('audio'), fakeTrack('video')];
  const open = (previous?: PublisherSession) => {
    const request: OpenRequest = {
      media: { getTracks: () => tracks } as MediaStream,
      signal: new AbortController().signal,
      ...(previous && { previous }),
      onInterrupted: () => undefined,
      onLost: () => undefined,
    };
    return openWhipSession(context, request, { names: [], wanted: [], hasFloor: false });
  };
  const follow = async (session: PublisherSession, stats: typeof NARROW, seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await session.followNetwork?.(stats).catch(() => undefined);
      await fake.advance(1000);
    }
  };
  return { fake, settings, logged, ingest, open, follow };
}

/** Sizes and bitrates that the picture is sent in. */
const limitsOf = (encodings: readonly RTCRtpEncodingParameters[] = []) =>
  encodings.map(({ scaleResolutionDownBy, maxBitrate }) => [scaleResolutionDownBy, maxBitrate]);
const answerOf = (peer: FakeWhipPeer) => peer.remoteDescription?.sdp ?? '';
const startOf = (peer: FakeWhipPeer) => /x-google-start-bitrate=(\d+)/.exec(answerOf(peer))?.[1];
const opusOf = (peer: FakeWhipPeer) => /a=fmtp:111 (.*)/.exec(answerOf(peer))?.[1];

describe('a WHIP session', () => {
  before(() => {
    Object.assign(globalThis, {
      RTCPeerConnection: FakeWhipPeer,
      RTCRtpTransceiver: { prototype: {} },
      RTCRtpSender: { getCapabilities: () => null },
    });
  });

  beforeEach(() => {
    FakeWhipPeer.all = [];
    FakeWhipPeer.refusals = 0;
    FakeWhipPeer.knowsModes = true;
    FakeWhipPeer.onFirstStats = () => undefined;
  });

  it('begins with what the network has left to the session before, unless the broadcast is new', async () => {
    const { open, follow } = setUp();
    const first = await open();
    assert.deepEqual(limitsOf(FakeWhipPeer.last.firstEncodings[1]), [[1, 2_500_000]]);
    assert.equal(startOf(FakeWhipPeer.last), '1500');
    await follow(first, NARROW, 5);
    assert.deepEqual(limitsOf(FakeWhipPeer.last.senders[1]?.encodings), [[2, 2_500_000]]);
    await first.close();
    const second = await open(first);
    assert.deepEqual(limitsOf(FakeWhipPeer.last.firstEncodings[1]), [[2, 2_500_000]]);
    assert.deepEqual(limitsOf(FakeWhipPeer.last.senders[1]?.encodings), [[2, 2_500_000]]);
    assert.equal(startOf(FakeWhipPeer.last), '261');
    assert.equal(second.isReduced, true);
    await second.close();
    const other = await open();
    assert.deepEqual(limitsOf(FakeWhipPeer.last.firstEncodings[1]), [[1, 2_500_000]]);
    assert.equal(startOf(FakeWhipPeer.last), '1500');
    await other.close();
  });

  it('sends its offer when there is a token, and fails with the error of the token', async () => {
    const { fake, open, ingest } = setUp();
    const missing = new Error('No token.');
    let come: () => void = () => undefined;
    ingest.ready = () => Promise.reject(missing);
    await assert.rejects(open(), missing);
    ingest.ready = () => new Promise((resolve) => void (come = resolve));
    const opening = open();
    await fake.advance(45_000);
    assert.equal(ingest.posts, 0);
    come();
    await (await opening).close();
    assert.equal(ingest.posts, 1);
  });

  it('restarts ICE with what the network has left', async () => {
    const { fake, open, follow } = setUp();
    const session = await open();
    const peer = FakeWhipPeer.last;
    await follow(session, NARROW, 5);
    peer.change('disconnected');
    const restarting = session.restart?.(new AbortController().signal);
    await fake.advance(500);
    await restarting;
    assert.match(answerOf(peer), /ice-ufrag:u2/);
    assert.equal(startOf(peer), '261');
    assert.deepEqual(limitsOf(peer.senders[1]?.encodings), [[2, 2_500_000]]);
    await session.close();
  });

  it('goes on when the browser refuses the limits at the start, and tries them again', async () => {
    FakeWhipPeer.refusals = 2;
    const { settings, logged, open, follow } = setUp();
    const session = await open();
    const [, video] = FakeWhipPeer.last.senders;
    assert.deepEqual([logged.includes('sending-not-changed'), video?.changes], [true, 0]);
    settings.encoding = { ...ENCODING, videoBitrateKbps: 1000 };
    await follow(session, { ...NARROW, limitedBy: null as never, availableKbps: 5000 }, 4);
    assert.deepEqual([video?.changes, limitsOf(video?.encodings)], [1, [[1, 1_000_000]]]);
    await session.close();
  });

  it('offers its sizes also where the browser knows no modes of scalability', async () => {
    const { settings, open } = setUp();
    settings.encoding = { ...ENCODING, simulcast: true };
    FakeWhipPeer.knowsModes = false;
    await open();
    const [, video = []] = FakeWhipPeer.last.firstEncodings;
    assert.deepEqual(
      video.map(({ rid }) => rid),
      ['l', 'm', 'h'],
    );
    assert.deepEqual(
      limitsOf(FakeWhipPeer.last.senders[1]?.encodings).map(([scale]) => scale),
      [4, 2, 1],
    );
  });

  it('needs no other session for a camera that the ingest does not take', async () => {
    const { settings, ingest, open } = setUp();
    settings.allowsPartial = true;
    ingest.answer = ANSWER.replace('m=video 9', 'm=video 0');
    const session = await open();
    assert.equal(await session.replaceTrack('video', fakeTrack('video')), true);
  });

  it('applies the settings that have changed while it was opening', async () => {
    const { settings, fake, open } = setUp();
    FakeWhipPeer.onFirstStats = () => {
      settings.encoding = { ...ENCODING, videoBitrateKbps: 800, audioMode: 'music' };
    };
    const session = await open();
    await fake.advance(0);
    assert.deepEqual(limitsOf(FakeWhipPeer.last.senders[1]?.encodings), [[1, 800_000]]);
    assert.match(opusOf(FakeWhipPeer.last) ?? '', /stereo=1/);
    await session.close();
  });

  it('applies each change of the sound, one after the other', async () => {
    const { settings, open } = setUp();
    const session = await open();
    const change = (audioBitrateKbps: number) => {
      settings.encoding = { ...ENCODING, audioMode: 'music', audioBitrateKbps };
      return Promise.resolve(session.updateEncoding?.());
    };
    // The second one at any moment of the first.
    for (let later = 0; later < 60; later += 1) {
      const changes = [change(200)];
      for (let tick = 0; tick < later; tick += 1) await Promise.resolve();
      changes.push(change(300 + later));
      await Promise.all(changes);
      assert.match(
        opusOf(FakeWhipPeer.last) ?? '',
        new RegExp(`maxaveragebitrate=${String(300 + later)}000`),
      );
    }
    await session.close();
  });

  it('takes the next change of the sound after one that the browser has refused', async () => {
    const { settings, open } = setUp();
    const session = await open();
    const peer = FakeWhipPeer.last;
    peer.refusedAnswers = 1;
    settings.encoding = { ...ENCODING, audioMode: 'music' };
    await assert.rejects(Promise.resolve(session.updateEncoding?.()), { name: 'InvalidAccessError' });
    assert.equal(peer.signalingState, 'stable');
    settings.encoding = { ...ENCODING, audioMode: 'music', audioBitrateKbps: 320 };
    await session.updateEncoding?.();
    assert.match(opusOf(peer) ?? '', /stereo=1;.*maxaveragebitrate=320000/);
    await session.close();
  });

  it('applies a change of the sound after an ICE restart that is in progress', async () => {
    const { fake, settings, ingest, open } = setUp();
    const session = await open();
    const peer = FakeWhipPeer.last;
    let goOn: () => void = () => undefined;
    const restarted = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    ingest.restarts = () => restarted;
    peer.change('disconnected');
    const restarting = session.restart?.(new AbortController().signal);
    await fake.advance(500);
    settings.encoding = { ...ENCODING, audioMode: 'music' };
    const changing = session.updateEncoding?.();
    await fake.advance(100);
    assert.doesNotMatch(opusOf(peer) ?? '', /stereo/);
    goOn();
    await fake.advance(100);
    await Promise.all([restarting, changing]);
    assert.match(answerOf(peer), /ice-ufrag:u2/);
    assert.match(opusOf(peer) ?? '', /stereo=1/);
    await session.close();
    assert.equal(fake.clock.pending, 0);
  });
});
