import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { findEngine } from '../support/runner/find-engines.js';
import { openLoopPage } from './whip-loop/loop-page.js';
import type { LoopPage, LoopReport } from './whip-loop/loop-page.js';

const chromium = findEngine('chromium')?.executable;
const skip = chromium === undefined ? 'no Chromium on this machine' : false;

let loop: LoopPage | undefined;

async function open(options?: Parameters<typeof openLoopPage>[1]): Promise<LoopPage> {
  loop = await openLoopPage(chromium ?? '', options);
  return loop;
}

afterEach(async () => {
  await loop?.close();
  loop = undefined;
});

/** Delay from camera to picture, over the last 60 pictures. */
function medianDelayMs(samples: LoopReport['delaysMs']): number {
  const delays = samples.slice(-60).map(({ delayMs }) => delayMs);
  return delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? NaN;
}

const hasFfprobe = spawnSync('ffprobe', ['-version'], { stdio: 'ignore' }).status === 0;

/** The complete segments that a stream lists now, after their init segment. */
async function recordStream(page: LoopPage): Promise<Buffer> {
  const stream = page.server.ingest.liveStream('cam');
  const reply = await stream?.playlist();
  assert.ok(stream && reply?.status === 200);
  const files = [
    'init-0.mp4',
    ...[...reply.body.matchAll(/^cam\/(\d+\.m4s)$/gm)].map((match) => match[1] ?? ''),
  ];
  const contents = await Promise.all(files.map((file) => stream.file(file)));
  return Buffer.concat(contents.map((content) => content?.bytes ?? Buffer.alloc(0)));
}

describe('a broadcast from Chromium through the ingest', { skip }, () => {
  it('plays with less than three seconds of delay, across a change of size and an ICE restart', async () => {
    const page = await open();
    assert.equal((await page.publish()).status, 201);
    await page.play();
    await page.waitFor('two seconds of pictures', ({ delaysMs }) => delaysMs.length > 60);
    await page.scaleDown(2);
    await page.waitFor('the small picture', ({ sizes }) => sizes.at(-1) === '320x240');
    await page.scaleDown(1);
    await page.waitFor('the large picture again', ({ sizes }) => sizes.at(-1) === '640x480');
    assert.equal(await page.restartIce(), 200);
    const { delaysMs: before } = await page.report();
    const after = await page.waitFor(
      'pictures after the restart',
      ({ delaysMs }) => delaysMs.length > before.length + 60,
    );
    assert.deepEqual(after.fatal, []);
    assert.ok(after.audioBytes > 0, 'sound is decoded');
    const inTime = await page.waitFor(
      'pictures within three seconds of being filmed',
      ({ delaysMs }) => medianDelayMs(delaysMs) < 3000,
    );
    assert.ok(medianDelayMs(inTime.delaysMs) > 100, 'no picture is there before it was filmed');
    assert.equal(await page.stop(), 200);
    await page.waitFor('the end', ({ ended }) => ended);
  });

  it('continues in the same player when the stream is published again', async () => {
    const page = await open();
    await page.publish();
    await page.play();
    await page.waitFor('pictures', ({ delaysMs }) => delaysMs.length > 30);
    assert.equal(page.server.ingest.kill('cam'), 1);
    await page.vanish();
    assert.equal((await page.publish()).status, 201);
    const { totalVideoFrames } = await page.report();
    const after = await page.waitFor('new pictures', (seen) => seen.totalVideoFrames > totalVideoFrames + 60);
    assert.deepEqual(after.fatal, []);
  });

  it('is watched by WHEP: at once, across a change of size and a lost publisher, and by the server’s offer', async () => {
    const page = await open();
    await page.publish();
    await page.waitFor('the stream to be on air', () =>
      page.server.events.includes('period-started 640x480'),
    );
    assert.equal(await page.view(), 201);
    await page.waitFor(
      'pictures within a second of being filmed',
      ({ delaysMs }) => delaysMs.length > 60 && medianDelayMs(delaysMs) < 1000,
    );
    await page.scaleDown(2);
    await page.waitFor('the small picture', ({ sizes }) => sizes.at(-1) === '320x240');
    page.server.ingest.kill('cam');
    await page.vanish();
    const { delaysMs: before } = await page.report();
    await page.publish();
    const after = await page.waitFor('new pictures', ({ delaysMs }) => delaysMs.length > before.length + 10);
    assert.equal(after.sizes.at(-1), '640x480');
    const { connectionState, video, videoReports = 0, audioReports = 0 } = await page.viewerStats();
    assert.equal(connectionState, 'connected');
    assert.ok((video?.['framesDecoded'] ?? 0) > 0 && videoReports > 0 && audioReports > 0);
    page.server.playback.setFaults({ counterOffer: true });
    assert.equal(await page.view(), 406);
    await page.waitFor('pictures again', ({ delaysMs }) => delaysMs.length > after.delaysMs.length + 10);
  });

  it('is watched in the encoding that a viewer chooses, of several', async () => {
    const page = await open();
    assert.equal((await page.publish({ encodings: { low: 2, high: 1 } })).status, 201);
    await page.waitFor('HLS of the large one', () => page.server.events.includes('period-started 640x480'));
    await page.view();
    await page.waitFor('the large picture', ({ sizes }) => sizes.at(-1) === '640x480');
    assert.equal(await page.selectLayer({ mediaId: '0', rid: 'low' }), 200);
    await page.waitFor('the small picture', ({ sizes }) => sizes.at(-1) === '320x240');
    assert.equal(await page.selectLayer({}), 200);
    const seen = await page.waitFor('the large picture again', ({ sizes }) => sizes.at(-1) === '640x480');
    await page.waitFor('more pictures', ({ delaysMs }) => delaysMs.length > seen.delaysMs.length + 30);
  });

  it('ends the stream of a publisher that disappears', async () => {
    const page = await open({ silenceLimitMs: 1500, returnLimitMs: 500, afterlifeMs: 2000 });
    await page.publish({ source: 'silent-camera' });
    await page.play();
    await page.waitFor('pictures', ({ totalVideoFrames }) => totalVideoFrames > 20);
    await page.vanish();
    const { fatal } = await page.waitFor('the end', ({ ended }) => ended);
    assert.deepEqual(fatal, []);
    assert.ok(page.server.events.includes('session-ended vanished'));
    await page.waitFor('the stream is forgotten', () => page.server.ingest.liveStream('cam') === undefined);
  });

  it('plays a publisher with a microphone only', async () => {
    const page = await open();
    await page.publish({ source: 'microphone' });
    await page.play();
    const seen = await page.waitFor(
      'sound',
      ({ audioBytes, currentTime }) => audioBytes > 0 && currentTime > 3,
    );
    assert.deepEqual(seen.fatal, []);
  });

  it('tells a publisher of VP8 that H.264 is required, if it has no other codec', async () => {
    const page = await open();
    page.server.ingest.setCodecs(['h264']);
    const { status, problem } = await page.publish({ videoCodec: 'video/VP8' });
    assert.deepEqual([status, problem?.code], [406, 'codec-not-supported']);
    page.server.ingest.setCodecs(undefined);
  });

  it(
    'writes media that ffprobe reads as H.264 and Opus',
    { skip: hasFfprobe ? false : 'no ffprobe on this machine' },
    async () => {
      const page = await open();
      await page.publish({ source: 'camera' });
      await page.play();
      await page.waitFor('four seconds', ({ currentTime }) => currentTime > 4);
      const folder = mkdtempSync(join(tmpdir(), 'gatecast-whip-'));
      try {
        const file = join(folder, 'stream.mp4');
        writeFileSync(file, await recordStream(page));
        const { stdout, stderr } = spawnSync(
          'ffprobe',
          [
            '-v',
            'error',
            '-show_entries',
            'stream=codec_name,width,height,sample_rate',
            '-of',
            'csv=p=0',
            file,
          ],
          { encoding: 'utf8' },
        );
        assert.equal(stderr, '');
        assert.deepEqual(stdout.trim().split('\n'), ['h264,640,480', 'opus,48000']);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
