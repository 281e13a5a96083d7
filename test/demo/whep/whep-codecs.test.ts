import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { until } from '../../support/wait.js';
import { codecOffer, VP8_KEY } from './codec-payloads.js';
import { connectPublisher, openRoom, SDP } from './whep-peers.js';
import type { Publisher, WhepRoom } from './whep-peers.js';

describe('a broadcast in another codec than H.264', () => {
  let room: WhepRoom | undefined;
  let publisher: Publisher | undefined;

  afterEach(async () => {
    await publisher?.close();
    await room?.close();
  });

  it('reaches viewers that have the codec, and is not in HLS', async () => {
    const { request, view, ingest } = (room = openRoom());
    const sender = (publisher = await connectPublisher(request, 'cam', { videoCodec: 'vp8' }));
    await showPicture(request, sender);
    const refused = await request('POST', '/whep/cam', SDP, codecOffer('recvonly', ['vp9', 'h264']));
    assert.equal(refused.status, 406);
    assert.match(await refused.text(), /sends only VP8 for video; the offer has VP9, RTX, H264/);
    const viewer = await view({ videoCodec: 'vp8' });
    sender.sendVideo(VP8_KEY);
    await until(() => viewer.packets.video.length > 0, 'the picture');
    assert.deepEqual(viewer.packets.video[0]?.payload, VP8_KEY);
    const playlist = await ingest.liveStream('cam')?.playlist();
    assert.equal(playlist?.status, 409);
    assert.match('detail' in playlist ? playlist.detail : '', /sent as VP8, and HLS has H\.264 only/);
  });

  it('ends the sessions of viewers when another codec begins, and is in HLS again when that is H.264', async () => {
    const { request, view, publish, events, ingest } = (room = openRoom());
    publisher = await connectPublisher(request, 'cam', { videoCodec: 'vp8' });
    await showPicture(request, publisher);
    const viewer = await view({ videoCodec: 'vp8' });
    assert.equal((await request('DELETE', publisher.location)).status, 200);
    assert.equal((await request('GET', viewer.location)).status, 204, 'the viewer waits');
    await publish();
    assert.equal((await request('GET', viewer.location)).status, 404);
    assert.ok(events.includes('viewer-ended codec-changed'));
    const next = await view();
    await until(() => next.packets.video.length > 0, 'the picture in H.264');
    assert.notEqual((await ingest.liveStream('cam')?.playlist({ signal: AbortSignal.abort() }))?.status, 409);
  });
});

/** The server may be connected later than the publisher: until then nobody publishes. */
async function showPicture(request: WhepRoom['request'], publisher: Publisher): Promise<void> {
  await until(async () => {
    publisher.sendVideo(VP8_KEY);
    const { status } = await request('POST', '/whep/cam', SDP, codecOffer('recvonly', ['vp8']));
    return status === 201;
  }, 'the first picture');
}
