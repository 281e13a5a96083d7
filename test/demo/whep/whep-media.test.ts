import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { RtpPacket } from 'werift';
import { RTCPeerConnection, useH264, useOPUS } from 'werift';
import type { WhepPlaybackOptions } from '../../../demo/backend/webrtc/playback/whep-playback.js';
import { until } from '../../support/wait.js';
import { DELTA_SLICE, FRAGMENT, KEY_SLICE, openRoom, SDP } from './whep-peers.js';
import type { WhepRoom } from './whep-peers.js';
import { viewerOffer } from './viewer-offer.js';

const numbers = (packets: readonly RtpPacket[]) => packets.map(({ header }) => header.sequenceNumber);

describe('the media of a WHEP session', () => {
  let room: WhepRoom | undefined;

  function open(options: Partial<WhepPlaybackOptions> = {}): WhepRoom {
    room = openRoom(options);
    return room;
  }

  afterEach(async () => {
    await room?.close();
    room = undefined;
  });

  it('is what the publisher sends, from a keyframe on, also across the end of the sequence numbers', async () => {
    const { publish, view } = open();
    const publisher = await publish();
    const viewer = await view();
    // The keyframe of before is recent enough to start with, or too old on a busy machine.
    publisher.sendPicture('key');
    let last = 0;
    for (let index = 0; index < 60; index += 1) last = publisher.sendPicture('delta');
    publisher.sendAudio();
    await until(
      () => viewer.packets.video.at(-1)?.header.timestamp === last && viewer.packets.audio.length === 1,
      'all packets',
    );
    const { video } = viewer.packets;
    const [first, second] = video;
    assert.equal(first?.payload[0], 24, 'parameter sets');
    assert.deepEqual(second?.payload, KEY_SLICE);
    assert.deepEqual(video.at(-1)?.payload, DELTA_SLICE);
    assert.deepEqual([...new Set(video.map(({ header }) => header.ssrc))], [viewer.ssrc.video]);
    const start = first.header.sequenceNumber;
    assert.deepEqual(
      numbers(video),
      Array.from(video, (_packet, index) => (start + index) & 0xffff),
    );
    assert.ok(numbers(video).includes(0), 'the numbers start again');
  });

  it('is sent again when a viewer reports a loss, with and without a repair format', async () => {
    const { publish, view } = open();
    const publisher = await publish();
    for (const hasRepair of [false, true]) {
      const viewer = await view({ hasRepair });
      publisher.sendPicture('key');
      publisher.sendPicture('delta');
      await until(() => viewer.packets.video.at(-1)?.payload.equals(DELTA_SLICE) === true, 'the pictures');
      const last = viewer.packets.video.at(-1);
      const before = viewer.packets.video.length;
      viewer.sendNack([last?.header.sequenceNumber ?? 0, 30_000]);
      await until(() => viewer.packets.video.length > before, 'the packet again');
      const again = viewer.packets.video.at(-1);
      assert.equal(again?.header.sequenceNumber, last?.header.sequenceNumber);
      assert.deepEqual(again?.payload, last?.payload);
    }
  });

  it('asks the publisher for a keyframe for each new viewer, and not for each request', async () => {
    const { publish, view } = open();
    const publisher = await publish();
    const viewer = await view();
    const before = publisher.keyframeRequests;
    for (let index = 0; index < 50; index += 1) viewer.sendPli();
    await until(() => publisher.keyframeRequests > before, 'a keyframe request');
    // 300 ms for each request, and the packager's own one each second.
    assert.ok(publisher.keyframeRequests - before < 10, `${publisher.keyframeRequests - before} requests`);
  });

  it('continues with the same numbers for a publisher that was lost and is back', async () => {
    const { publish, view, ingest } = open();
    const first = await publish();
    const viewer = await view();
    first.sendPicture('key');
    first.sendPicture('delta');
    first.sendAudio();
    await until(() => viewer.packets.video.at(-1)?.payload.equals(DELTA_SLICE) === true, 'pictures');
    const before = viewer.packets.video.at(-1);
    const count = viewer.packets.video.length;
    assert.equal(ingest.kill('cam'), 1);
    const second = await publish();
    second.sendPicture('delta');
    await until(() => viewer.packets.video.length > count, 'pictures of the second one');
    const next = viewer.packets.video[count];
    assert.equal(next?.header.sequenceNumber, ((before?.header.sequenceNumber ?? 0) + 1) & 0xffff);
    assert.equal(next.header.ssrc, before?.header.ssrc);
    assert.equal(next.payload[0], 24, 'it starts with a keyframe');
    assert.ok(next.header.timestamp > (before?.header.timestamp ?? Infinity), 'time goes on');
    assert.ok(viewer.isConnected);
  });

  it('keeps sound and picture in sync: sender reports are moved to the viewer’s numbers and the server’s clock', async () => {
    const { publish, view } = open();
    const publisher = await publish();
    const viewer = await view();
    const timestamp = publisher.sendPicture('key');
    // The publisher's clock is years behind. Its microphone is 250 ms behind its camera.
    publisher.sendReport('video', timestamp, 3_000_000_000_000);
    publisher.sendReport('audio', 5000, 3_000_000_000_250);
    await until(() => viewer.reports.length >= 2, 'both reports');
    const of = (kind: 'video' | 'audio') => {
      const found = viewer.reports.find(({ ssrc }) => ssrc === viewer.ssrc[kind]);
      assert.ok(found, kind);
      return found.senderInfo;
    };
    const ms = (ntp: bigint) => Number((ntp * 1000n) >> 32n);
    assert.equal(of('video').rtpTimestamp, timestamp);
    assert.ok(Math.abs(ms(of('audio').ntpTimestamp) - ms(of('video').ntpTimestamp) - 250) <= 1);
    const nowMs = Date.now() + 2_208_988_800_000;
    assert.ok(Math.abs(ms(of('video').ntpTimestamp) - nowMs) < 60_000, 'on the server’s clock');
  });

  it('comes to a viewer that answers an offer of the server, which can then restart ICE', async () => {
    const { publish, request, playback } = open();
    const publisher = await publish();
    playback.setFaults({ counterOffer: true });
    const response = await request('POST', '/whep/cam', SDP, viewerOffer());
    assert.deepEqual([response.status, response.headers.get('Content-Type')], [406, 'application/sdp']);
    const location = response.headers.get('Location') ?? '';
    const peer = new RTCPeerConnection({
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceServers: [],
      iceAdditionalHostAddresses: ['127.0.0.1'],
      codecs: { video: [useH264()], audio: [useOPUS()] },
    });
    const received: RtpPacket[] = [];
    peer.onTrack.subscribe((track) => {
      if (track.kind === 'video') track.onReceiveRtp.subscribe((packet) => received.push(packet));
    });
    await peer.setRemoteDescription({ type: 'offer', sdp: await response.text() });
    await peer.setLocalDescription(await peer.createAnswer());
    const answer = peer.localDescription?.sdp ?? '';
    const wrong = await request('PATCH', location, SDP, answer.replace(/a=recvonly/g, 'a=sendrecv'));
    assert.equal(wrong.status, 400);
    assert.equal((await request('PATCH', location, SDP, answer)).status, 204);
    assert.equal((await request('PATCH', location, SDP, answer)).status, 409);
    await until(() => peer.connectionState === 'connected', 'the connection');
    publisher.sendPicture('key');
    await until(() => received.length >= 2, 'a picture');
    const credentials = 'a=ice-ufrag:newu\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
    const restarted = await request('PATCH', location, { ...FRAGMENT, 'If-Match': '*' }, credentials);
    assert.equal(restarted.status, 200);
    await peer.close();
  });

  it('is held back while a fault blocks it, also for those who watch', async () => {
    const { publish, view, playback, arrived } = open();
    const publisher = await publish();
    const viewer = await view();
    playback.setFaults({ block: 'media' });
    const before = arrived();
    const timestamp = publisher.sendPicture('key');
    await until(() => arrived() >= before + 2, 'the picture at the server');
    // Reports are not held back.
    publisher.sendReport('video', timestamp, 3_000_000_000_000);
    await until(() => viewer.reports.length > 0, 'the report');
    assert.ok(!viewer.packets.video.some(({ header }) => header.timestamp === timestamp));
    playback.setFaults({});
    const next = publisher.sendPicture('key');
    await until(
      () => viewer.packets.video.some(({ header }) => header.timestamp === next),
      'the next picture',
    );
  });

  it('ends with the stream, for a viewer that vanished, and for one that never connected', async () => {
    let nowMs = 1000;
    const { publish, view, request, events } = open({
      now: () => nowMs,
      afterlifeMs: 10,
      returnLimitMs: 10,
    });
    const publisher = await publish();
    await request('POST', '/whep/cam', SDP, viewerOffer());
    const viewer = await view();
    await viewer.close();
    nowMs += 16_000;
    publisher.sendPicture('key');
    await until(
      () => events.includes('viewer-ended never-connected'),
      'the end of the one that did not connect',
    );
    await until(() => events.includes('viewer-ended vanished'), 'the end of the one that is silent');
    assert.equal((await request('GET', viewer.location)).status, 404);
    await request('POST', '/whep/cam', SDP, viewerOffer());
    assert.equal((await request('DELETE', publisher.location)).status, 200);
    await until(() => events.includes('viewer-ended stream-ended'), 'the end with the stream');
  });
});
