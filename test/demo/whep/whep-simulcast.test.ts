import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  RTCPeerConnection,
  RtpHeader,
  useNACK,
  useOPUS,
  usePLI,
  useSdesMid,
  useSdesRTPStreamId,
} from 'werift';
import { videoParameters } from '../../../demo/backend/webrtc/codecs/video-parameters.js';
import { until } from '../../support/wait.js';
import { vp8Picture } from './codec-payloads.js';
import { openRoom, SDP } from './whep-peers.js';
import type { WhepRoom } from './whep-peers.js';

/** A publisher of two encodings, without sound. Browsers write the same lines. */
async function connectSimulcast(request: WhepRoom['request']) {
  const peer = new RTCPeerConnection({
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
    codecs: {
      video: [videoParameters('vp8', { payloadType: 96, rtcpFeedback: [useNACK(), usePLI()] })],
      audio: [useOPUS()],
    },
    headerExtensions: { video: [useSdesMid(), useSdesRTPStreamId()] },
  });
  const { sender } = peer.addTransceiver('video', { direction: 'sendonly' });
  await peer.setLocalDescription(await peer.createOffer());
  const local = peer.localDescription?.sdp ?? '';
  const offer = `${local.replace(/^a=(?:ssrc|ssrc-group|rid|simulcast).*\r\n/gm, '')}a=rid:l send\r\na=rid:h send max-width=640\r\na=simulcast:send l;h\r\n`;
  const response = await request('POST', '/whip/cam', SDP, offer);
  const answer = await response.text();
  assert.equal(response.status, 201, answer);
  await peer.setRemoteDescription({
    type: 'answer',
    sdp: answer.replace(/^a=(?:rid|simulcast).*\r\n/gm, ''),
  });
  await until(() => peer.connectionState === 'connected', 'the publisher to connect');
  const idOf = (name: string) => Number(new RegExp(`^a=extmap:(\\d+) \\S+:${name}`, 'm').exec(offer)?.[1]);
  const [mid, rid] = [idOf('mid'), idOf('rtp-stream-id')];
  const numbers = { l: 65_530, h: 200 };
  const times = { l: 1_000_000, h: 5_000 };
  return {
    answer,
    send(name: 'l' | 'h', payload: Buffer) {
      times[name] += 3000;
      const header = new RtpHeader({
        ssrc: name === 'l' ? 1111 : 2222,
        payloadType: 96,
        sequenceNumber: numbers[name],
        timestamp: times[name],
        marker: true,
        extension: true,
        extensions: [
          { id: mid, payload: Buffer.from('0') },
          { id: rid, payload: Buffer.from(name) },
        ],
      });
      numbers[name] = (numbers[name] + 1) & 0xffff;
      sender.dtlsTransport.sendRtp(payload, header).catch(() => undefined);
    },
    close: () => peer.close(),
  };
}

describe('a broadcast with several encodings', () => {
  let room: WhepRoom | undefined;
  let publisher: Awaited<ReturnType<typeof connectSimulcast>> | undefined;

  afterEach(async () => {
    await publisher?.close();
    await room?.close();
  });

  it('is taken by name, sends the largest one, and another one when the viewer asks for it', async () => {
    const { request, view } = (room = openRoom());
    const sender = (publisher = await connectSimulcast(request));
    assert.match(sender.answer, /^a=rid:l recv\r\na=rid:h recv\r\na=simulcast:recv l;h\r$/m);
    let index = 0;
    const sendBoth = (isKey: boolean) => {
      index += 1;
      sender.send('l', vp8Picture(isKey, 320, 240, index));
      sender.send('h', vp8Picture(isKey, 640, 480, 3000 + index));
    };
    await until(async () => {
      sendBoth(true);
      await new Promise(setImmediate);
      return (room?.arrived() ?? 0) > 4;
    }, 'both encodings');
    const viewer = await view({ videoCodec: 'vp8' });
    await until(() => {
      sendBoth(true);
      return viewer.packets.video.length > 2;
    }, 'pictures');
    const subscribed = await request('POST', `${viewer.location}/events`, {}, '["layers"]');
    const reader = (await request('GET', subscribed.headers.get('Location') ?? '')).body?.getReader();
    let text = '';
    assert.ok(reader);
    while (!text.includes('layers')) text += new TextDecoder().decode((await reader.read()).value);
    assert.match(
      text,
      /"0":\[\{"rid":"h",.*"width":640,"height":480\},\{"rid":"l",.*"width":320,"height":240\}\]/,
    );
    await reader.cancel();
    const before = viewer.packets.video.length;
    assert.equal(
      (await request('POST', `${viewer.location}/layer`, {}, '{"mediaId":"0","rid":"x"}')).status,
      404,
    );
    assert.equal(
      (await request('POST', `${viewer.location}/layer`, {}, '{"mediaId":"0","rid":"l"}')).status,
      200,
    );
    sendBoth(false);
    await until(() => viewer.packets.video.length > before, 'the picture of before');
    await until(() => {
      sendBoth(true);
      return widthOf(viewer.packets.video.at(-1)?.payload) === 320;
    }, 'the small picture');
    sendBoth(false);
    sendBoth(false);
    const { video } = viewer.packets;
    const widths = video.map(({ payload }) => widthOf(payload)).filter((width) => width !== 0);
    assert.equal(widths[0], 640);
    assert.deepEqual([...new Set(widths)], [640, 320]);
    const numbers = video.map(({ header }) => header.sequenceNumber);
    assert.deepEqual(
      numbers,
      Array.from(numbers, (_, at) => ((numbers[0] ?? 0) + at) & 0xffff),
    );
    const pictures = video.map(({ payload }) => ((payload[2] ?? 0) & 0x7f) * 256 + (payload[3] ?? 0));
    assert.deepEqual(
      pictures,
      Array.from(pictures, (_, at) => (pictures[0] ?? 0) + at),
      'ids of pictures',
    );
    const times = video.map(({ header }) => header.timestamp);
    assert.ok(
      times.every((time, at) => at === 0 || (time - (times[at - 1] ?? 0) + 2 ** 32) % 2 ** 32 < 900_000),
    );
  });
});

/** Width of the picture that a keyframe begins, 0 of others. */
function widthOf(payload: Buffer | undefined): number {
  const isKey = payload !== undefined && ((payload[4] ?? 1) & 1) === 0;
  return isKey ? payload.readUInt16LE(10) & 0x3fff : 0;
}
