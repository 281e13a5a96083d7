import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog } from '@gatecast/element';
import { RecordingControl } from '@gatecast/webcaster/internal/broadcast/recording-control';
import type { RecordingEnd, RecordingStatus } from '@gatecast/webcaster/internal/composition/chunk-recorder';
import type { RecordingContext } from '@gatecast/webcaster/internal/composition/recording';
import { FakeClock } from '../../support/fake-clock.js';
import { defaultOptions } from '../support/default-options.js';

/** A recording whose browser takes its time to end it. */
class FakeRecording {
  readonly context: RecordingContext;
  #resolve: (blob: Blob) => void = () => undefined;
  readonly #stopped = new Promise<Blob>((resolve) => {
    this.#resolve = resolve;
  });
  #reason: RecordingEnd | null = null;
  #hasEnded = false;
  bytes = 5;

  constructor(context: RecordingContext) {
    this.context = context;
  }

  get status(): RecordingStatus {
    const state = this.#hasEnded ? 'stopped' : 'recording';
    return { state, bytes: this.bytes, durationMs: 0, reason: this.#hasEnded ? this.#reason : null };
  }

  setTrack(): void {
    // Nothing is drawn.
  }

  stop(reason: RecordingEnd): Promise<Blob> {
    this.#reason ??= reason;
    return this.#stopped;
  }

  /** The browser gives the last bytes. */
  end(text = 'end'): void {
    this.#hasEnded = true;
    this.#resolve(new Blob([text]));
  }
}

function control(options: Partial<typeof defaultOptions> = {}) {
  const recordings: FakeRecording[] = [];
  const loading = { ready: Promise.resolve() };
  const preparing = { ready: Promise.resolve() };
  const asked: boolean[] = [];
  const host: unknown = Object.assign(new EventTarget(), defaultOptions, options, {
    requestUpdate: () => undefined,
  });
  const media: unknown = { getVideoTracks: () => [], getAudioTracks: () => [] };
  const open = { media: media as MediaStream | null };
  const recording = new RecordingControl({
    host: host as ConstructorParameters<typeof RecordingControl>[0]['host'],
    clock: new FakeClock().clock,
    log: new EventLog(),
    media: () => open.media,
    runSignal: () => new AbortController().signal,
    load: async () => {
      await loading.ready;
      return async (_options, needs) => {
        asked.push(needs.mayHaveSound);
        await preparing.ready;
        return (describe) => {
          const begun = new FakeRecording(describe());
          recordings.push(begun);
          return begun;
        };
      };
    },
  });
  return { recording, recordings, loading, preparing, asked, open };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('RecordingControl', () => {
  it('begins the next recording when the one before has ended', async () => {
    const { recording, recordings } = control();
    await recording.start({});
    const first = recording.stop();
    const second = recording.start({});
    await turn();
    assert.equal(recordings.length, 1);
    recordings[0]?.end('first');
    await second;
    assert.equal(await (await first)?.text(), 'first');
    assert.equal(recordings.length, 2);
    assert.equal(recording.status?.state, 'recording');
  });

  it('ends a recording that has not begun yet, and begins another one after it', async () => {
    const { recording, recordings, loading } = control();
    let load: () => void = () => undefined;
    loading.ready = new Promise((resolve) => {
      load = resolve;
    });
    const first = recording.start({});
    const stopped = recording.stop();
    const second = recording.start({});
    assert.notEqual(first, second);
    load();
    await first;
    await turn();
    recordings[0]?.end('first');
    assert.equal(await (await stopped)?.text(), 'first');
    await second;
    assert.deepEqual([recordings.length, recording.status?.state], [2, 'recording']);
  });

  it('gives the last recording until the next one', async () => {
    const { recording, recordings } = control();
    await recording.start({});
    await recording.start({});
    assert.equal(recordings.length, 1);
    recording.end();
    recordings[0]?.end('last');
    assert.equal(await (await recording.stop())?.text(), 'last');
    assert.equal(await (await recording.stop())?.text(), 'last');
    await recording.start({});
    assert.equal(recordings.length, 2);
  });

  it('begins nothing of a preview that was closed while it was prepared', async () => {
    const { recording, recordings, preparing, open } = control();
    let prepare: () => void = () => undefined;
    preparing.ready = new Promise((resolve) => {
      prepare = resolve;
    });
    const started = recording.start({});
    await turn();
    open.media = null;
    prepare();
    await assert.rejects(started, { code: 'settings-invalid' });
    assert.deepEqual([recordings.length, recording.status], [0, null]);
    assert.equal(await recording.stop(), null);
  });

  it('does not prepare sound for a stream of the page that has none', async () => {
    const own = control();
    await own.recording.start({});
    const stream: unknown = {};
    const silent = control({ mediaStream: stream as MediaStream });
    await silent.recording.start({});
    assert.deepEqual([...own.asked, ...silent.asked], [true, false]);
  });

  it('says that a recording is empty, and begins the next one', async () => {
    const { recording, recordings } = control();
    await recording.start({});
    const [empty] = recordings;
    assert.ok(empty);
    empty.bytes = 0;
    void empty.stop('record-failed');
    const stopped = recording.stop();
    const next = recording.start({});
    empty.end('');
    await assert.rejects(stopped, { code: 'media-stopped', message: /is empty/ });
    await next;
    assert.deepEqual([recordings.length, recording.status?.state], [2, 'recording']);
  });

  it('knows whether there is something to save', async () => {
    const { recording, recordings } = control();
    assert.equal(recording.canSave, false);
    await recording.start({});
    assert.equal(recording.canSave, true);
    recordings[0]?.end();
    await recording.stop();
    await recording.start({ writable: new WritableStream<Blob>() });
    assert.equal(recording.canSave, false);
  });

  it('has a place for a camera that comes later, unless only sound is sent', async () => {
    const mayHave = async (options: Partial<typeof defaultOptions>, mimeType?: string) => {
      const { recording, recordings } = control(options);
      await recording.start(mimeType === undefined ? {} : { mimeType });
      const { mayHaveVideo, mayHaveSound } = recordings[0]?.context ?? {};
      return [mayHaveVideo, mayHaveSound];
    };
    const stream: unknown = {};
    const mediaStream = stream as MediaStream;
    assert.deepEqual(await mayHave({ capture: 'camera', video: 'none' }), [true, true]);
    assert.deepEqual(await mayHave({ capture: 'audio' }), [false, true]);
    assert.deepEqual(await mayHave({ capture: 'audio' }, 'video/webm'), [true, true]);
    assert.deepEqual(await mayHave({ mediaStream }), [false, false]);
  });
});
