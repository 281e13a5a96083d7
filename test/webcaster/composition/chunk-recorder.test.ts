import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkRecordingOptions,
  ChunkRecorder,
  type RecordingOptions,
  type RecordingStatus,
} from '@gatecast/webcaster/internal/composition/chunk-recorder';
import { FakeClock } from '../../support/fake-clock.js';

/** A recorder that gives what the test wants. */
class FakeRecorder extends EventTarget {
  readonly mimeType = 'video/webm';
  state = 'inactive';
  timesliceMs = 0;
  requests = 0;

  start(timesliceMs: number): void {
    this.state = 'recording';
    this.timesliceMs = timesliceMs;
  }

  give(text: string): void {
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }));
  }

  requestData(): void {
    this.requests += 1;
  }

  stop(): void {
    this.state = 'inactive';
    this.give('end');
    this.dispatchEvent(new Event('stop'));
  }
}

/** As Firefox with a codec of sound and no track of sound: nothing comes, not even the end. */
class SilentRecorder extends FakeRecorder {
  override stop(): void {
    this.state = 'inactive';
  }
}

/** Its last chunk is empty, as of a browser whose encoder never began. */
class EmptyRecorder extends FakeRecorder {
  override stop(): void {
    this.state = 'inactive';
    this.give('');
    this.dispatchEvent(new Event('stop'));
  }
}

function record(options: RecordingOptions = {}, recorder = new FakeRecorder()) {
  const time = new FakeClock();
  const seen: RecordingStatus[] = [];
  const chunks = new ChunkRecorder({
    ...options,
    recorder,
    clock: time.clock,
    onStatus: (status) => seen.push(status),
  });
  return { time, recorder, seen, chunks };
}

describe('ChunkRecorder', () => {
  it('joins what the recorder gives each second', async () => {
    const { time, recorder, seen, chunks } = record();
    assert.equal(recorder.timesliceMs, 1000);
    await time.advance(1000);
    recorder.give('one ');
    await time.advance(500);
    const blob = await chunks.stop('requested');
    assert.equal(await blob?.text(), 'one end');
    assert.equal(blob?.type, 'video/webm');
    assert.deepEqual(
      seen.map(({ state, bytes, durationMs, reason }) => [state, bytes, durationMs, reason]),
      [
        ['recording', 0, 0, null],
        ['recording', 4, 1000, null],
        ['recording', 7, 1500, null],
        ['stopped', 7, 1500, 'requested'],
      ],
    );
    assert.equal(time.timerCount, 0);
  });

  it('asks a browser that gives nothing for what it has', async () => {
    const { time, recorder, chunks } = record();
    await time.advance(2000);
    recorder.give('one');
    await time.advance(3500);
    assert.equal(recorder.requests, 0);
    await time.advance(3000);
    assert.equal(recorder.requests, 1);
    await chunks.stop('requested');
    assert.equal(time.timerCount, 0);
  });

  it('says that an empty recording failed', async () => {
    const { chunks } = record({}, new EmptyRecorder());
    assert.equal((await chunks.stop('requested'))?.size, 0);
    assert.deepEqual([chunks.status.state, chunks.status.reason], ['stopped', 'record-failed']);
  });

  it('keeps what there is when the browser never ends the recording', async () => {
    const { time, recorder, chunks, seen } = record({}, new SilentRecorder());
    recorder.give('one');
    const stopped = chunks.stop('requested');
    await time.advance(10_000);
    assert.equal(await (await stopped)?.text(), 'one');
    assert.equal(chunks.status.reason, 'record-failed');
    assert.equal(time.timerCount, 0);
    const count = seen.length;
    recorder.give('late');
    recorder.dispatchEvent(new Event('stop'));
    assert.deepEqual([chunks.status.bytes, seen.length], [3, count]);
  });

  it('gives the same recording again, and keeps the first reason', async () => {
    const { chunks } = record();
    const first = await chunks.stop('ended');
    assert.equal(await chunks.stop('requested'), first);
    assert.equal(chunks.status.reason, 'ended');
  });

  it('ends at the largest size, and keeps what came before', async () => {
    const { recorder, chunks } = record({ maxBytes: 6 });
    recorder.give('four');
    recorder.give('five5');
    assert.equal(recorder.state, 'inactive');
    const blob = await chunks.stop('requested');
    assert.equal(await blob?.text(), 'four');
    assert.equal(chunks.status.reason, 'limit');
  });

  it('leaves out the tail after a chunk that did not fit, also if the tail fits', async () => {
    const { recorder, chunks } = record({ maxBytes: 8 });
    recorder.give('four');
    recorder.give('five5');
    assert.equal(await (await chunks.stop('requested'))?.text(), 'four');
    assert.deepEqual([chunks.status.bytes, chunks.status.reason], [4, 'limit']);
  });

  it('has a limit for memory, and none for the stream of the page', async () => {
    const big = Object.defineProperty(new Blob(), 'size', { value: 1_000_000_001 });
    const give = (recorder: FakeRecorder) =>
      recorder.dispatchEvent(Object.assign(new Event('dataavailable'), { data: big }));
    const inMemory = record();
    give(inMemory.recorder);
    await inMemory.chunks.stop('requested');
    assert.equal(inMemory.chunks.status.reason, 'limit');
    const written = record({ writable: new WritableStream<Blob>() });
    give(written.recorder);
    assert.equal(written.chunks.status.state, 'recording');
    await written.chunks.stop('requested');
  });

  it('refuses a stream that has a writer already, before it records', () => {
    const writable = new WritableStream<Blob>();
    writable.getWriter();
    assert.throws(() => record({ writable }), { code: 'settings-invalid' });
  });

  it('ends after the longest time', async () => {
    const { time, chunks } = record({ maxSeconds: 60 });
    await time.advance(60_000);
    assert.deepEqual([chunks.status.state, chunks.status.reason], ['stopped', 'limit']);
    assert.equal(time.timerCount, 0);
  });

  it('ends with the tracks, or with an error of the browser', async () => {
    const ended = record();
    ended.recorder.stop();
    await ended.chunks.stop('requested');
    assert.equal(ended.chunks.status.state, 'stopped');
    const failed = record();
    failed.recorder.dispatchEvent(new Event('error'));
    await failed.chunks.stop('requested');
    assert.equal(failed.chunks.status.reason, 'record-failed');
  });

  it('writes to the stream of the page, and keeps nothing in memory', async () => {
    const written: string[] = [];
    let isClosed = false;
    const writable = new WritableStream<Blob>({
      write: async (chunk) => void written.push(await chunk.text()),
      close: () => {
        isClosed = true;
      },
    });
    const { recorder, chunks } = record({ writable });
    recorder.give('one');
    assert.equal(await chunks.stop('requested'), null);
    assert.deepEqual([written, isClosed], [['one', 'end'], true]);
  });

  it('ends when the stream of the page takes nothing', async () => {
    const writable = new WritableStream<Blob>({ write: () => new Promise(() => undefined) });
    const { time, recorder, chunks } = record({ writable });
    for (let count = 0; count <= 30; count += 1) recorder.give('one');
    assert.equal(recorder.state, 'inactive');
    await time.advance(10_000);
    assert.equal(await chunks.stop('requested'), null);
    assert.equal(chunks.status.reason, 'write-failed');
    assert.equal(time.timerCount, 0);
  });

  it('says when the stream of the page fails', async () => {
    const writable = new WritableStream<Blob>({
      write: () => Promise.reject(new Error('The disk is full.')),
    });
    const { recorder, chunks } = record({ writable });
    recorder.give('one');
    await chunks.stop('requested');
    assert.equal(chunks.status.reason, 'write-failed');
  });
});

describe('checkRecordingOptions', () => {
  it('refuses limits that are not above 0', () => {
    for (const options of [{ maxBytes: 0 }, { maxSeconds: -1 }, { maxBytes: NaN }])
      assert.throws(() => checkRecordingOptions(options), { code: 'settings-invalid' });
    assert.doesNotThrow(() => checkRecordingOptions({ maxBytes: 1, maxSeconds: 0.5 }));
  });
});
