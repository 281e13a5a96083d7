import { retimeFragment, type Timescales } from '../../../demo/backend/live-origin/fragment.js';
import { findBox, findBoxes, viewOf } from '../../../demo/backend/live-origin/mp4-boxes.js';
import { openMediaOrigin } from '../../support/backend.js';
import { retimeTransportStream } from './retime-transport-stream.js';

const ENCODER_ORIGIN = 'https://encoder.example';
const SEGMENT_MS = 2000;

/** Where an encoder goes on after a restart. What is left out continues as before. */
export interface Restart {
  /** Timestamp of its next segment, in seconds. */
  readonly timestampS?: number;
  /** Media sequence number of its next segment; earlier segments leave the playlist. */
  readonly sequence?: number;
  /** Segments with another init segment: 480 instead of 360 lines. */
  readonly rendition?: Rendition;
}

export interface EncoderOptions {
  readonly container: 'cmaf' | 'ts';
  /** Write `EXT-X-PROGRAM-DATE-TIME`? */
  readonly hasDates?: boolean;
  /** Segments in the playlist. */
  readonly windowLength?: number;
}

type Rendition = 'low' | 'medium';

interface Segment {
  readonly sequence: number;
  readonly timestampMs: number;
  readonly clip: Clip;
  readonly index: number;
  readonly dateMs: number;
}

interface Clip {
  readonly name: string;
  readonly init: Uint8Array<ArrayBuffer> | null;
  /** Segments of two seconds that continue each other. */
  readonly segments: readonly Uint8Array<ArrayBuffer>[];
}

/** Media of the demo's live streams, with timestamps that begin at 0. */
async function loadClip(name: string): Promise<Clip> {
  const url = `${openMediaOrigin()}/live/${name}.m3u8`;
  const lines = (await (await fetch(url)).text()).split('\n');
  const bytes = async (uri: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await (await fetch(new URL(uri, url))).arrayBuffer());
  const map = lines.map((line) => /^#EXT-X-MAP:URI="(.*)"/.exec(line)?.[1]).find(Boolean);
  const segments = await Promise.all(lines.filter((line) => /^[^#]/.test(line)).map(bytes));
  return { name, init: map === undefined ? null : await bytes(map), segments };
}

/** A live encoder inside the page, in real time, whose restarts have no `EXT-X-DISCONTINUITY`. */
export class LiveEncoder {
  /** Paths of segment requests, oldest first. */
  readonly requested: string[] = [];
  readonly #options: EncoderOptions;
  readonly #clips: ReadonlyMap<Rendition, Clip>;
  readonly #path: string;
  #segments: Segment[] = [];
  #next: Segment;
  #timer: ReturnType<typeof setInterval> | null = null;

  private constructor(options: EncoderOptions, clips: ReadonlyMap<Rendition, Clip>, path: string) {
    this.#options = options;
    this.#clips = clips;
    this.#path = path;
    this.#next = {
      sequence: 500,
      timestampMs: 1_000_000,
      clip: this.#clip('low'),
      index: 0,
      dateMs: Math.floor(Date.now()),
    };
    for (let count = 0; count < (options.windowLength ?? 6); count += 1) this.#publish();
    this.resume();
  }

  static #count = 0;
  static #encoders = new Map<string, LiveEncoder>();
  static #originalFetch: typeof fetch | null = null;

  static async start(options: EncoderOptions): Promise<LiveEncoder> {
    const names = options.container === 'ts' ? ['demo-ts', 'demo-ts'] : ['demo-low', 'demo-medium'];
    const [low, medium] = await Promise.all(names.map(loadClip));
    if (!low || !medium) throw new Error('The demo has no clip.');
    LiveEncoder.#count += 1;
    const path = `/${String(LiveEncoder.#count)}/`;
    const clips = new Map<Rendition, Clip>([
      ['low', low],
      ['medium', medium],
    ]);
    const encoder = new LiveEncoder(options, clips, path);
    LiveEncoder.#encoders.set(path, encoder);
    LiveEncoder.#intercept();
    return encoder;
  }

  /** Ends all encoders, and answers no more requests. */
  static endAll(): void {
    for (const encoder of LiveEncoder.#encoders.values()) encoder.pause();
    LiveEncoder.#encoders.clear();
    if (LiveEncoder.#originalFetch) globalThis.fetch = LiveEncoder.#originalFetch;
    LiveEncoder.#originalFetch = null;
  }

  static #intercept(): void {
    if (LiveEncoder.#originalFetch) return;
    const original = globalThis.fetch;
    LiveEncoder.#originalFetch = original;
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.startsWith(ENCODER_ORIGIN)) return original(input, init);
      const [, folder = '', file = ''] = /^(\/\d+\/)(.*)$/.exec(new URL(url).pathname) ?? [];
      const response = LiveEncoder.#encoders.get(folder)?.answer(file) ?? new Response('', { status: 404 });
      // hls.js resolves the addresses in a playlist against it.
      Object.defineProperty(response, 'url', { value: url });
      return Promise.resolve(response);
    };
  }

  get url(): string {
    return `${ENCODER_ORIGIN}${this.#path}live.m3u8`;
  }

  /** Publishes nothing for now: the playlist stays as it is. */
  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Publishes a segment now and one every two seconds. */
  resume(): void {
    this.pause();
    this.#publish();
    this.#timer = setInterval(() => {
      this.#publish();
    }, SEGMENT_MS);
  }

  /** The next segments are those of a new process. */
  restart({ timestampS, sequence, rendition }: Restart): void {
    if (sequence !== undefined) this.#segments = [];
    this.#next = {
      ...this.#next,
      ...(timestampS !== undefined && { timestampMs: timestampS * 1000, index: 0 }),
      ...(sequence !== undefined && { sequence }),
      ...(rendition && { clip: this.#clip(rendition) }),
      dateMs: Date.now(),
    };
  }

  answer(file: string): Response {
    if (file === 'live.m3u8') return new Response(this.#playlist());
    const [, name, sequence, timestampMs, index] = /^(\S+?)(?:_(\d+)_(\d+)_(\d+))?\.\w+$/.exec(file) ?? [];
    const clip = [...this.#clips.values()].find((each) => each.name === name);
    if (!clip) return new Response('', { status: 404 });
    if (sequence === undefined) return new Response(clip.init);
    this.requested.push(file);
    return new Response(this.#media(clip, Number(sequence), Number(timestampMs), Number(index)));
  }

  #clip(rendition: Rendition): Clip {
    const clip = this.#clips.get(rendition);
    if (!clip) throw new RangeError(`There is no clip ${rendition}.`);
    return clip;
  }

  #publish(): void {
    this.#segments = [...this.#segments, this.#next].slice(-(this.#options.windowLength ?? 6));
    const { sequence, timestampMs, clip, index, dateMs } = this.#next;
    this.#next = {
      sequence: sequence + 1,
      timestampMs: timestampMs + SEGMENT_MS,
      clip,
      index: (index + 1) % clip.segments.length,
      dateMs: dateMs + SEGMENT_MS,
    };
  }

  #media(clip: Clip, sequence: number, timestampMs: number, index: number): Uint8Array<ArrayBuffer> {
    const bytes = clip.segments[index];
    if (!bytes) throw new RangeError(`There is no segment ${String(index)}.`);
    if (!clip.init) return retimeTransportStream(bytes, timestampMs);
    const timescales = readTimescales(clip.init);
    const shiftMs = timestampMs - startMs(bytes, timescales);
    return retimeFragment(bytes, { shiftMs, sequence, timescales });
  }

  #playlist(): string {
    const { container, hasDates } = this.#options;
    const extension = container === 'ts' ? 'ts' : 'm4s';
    const lines = [
      '#EXTM3U',
      '#EXT-X-VERSION:9',
      '#EXT-X-TARGETDURATION:2',
      `#EXT-X-MEDIA-SEQUENCE:${String(this.#segments[0]?.sequence ?? 0)}`,
    ];
    let map = '';
    for (const { sequence, timestampMs, clip, index, dateMs } of this.#segments) {
      if (clip.init && map !== clip.name) lines.push(`#EXT-X-MAP:URI="${(map = clip.name)}.mp4"`);
      if (hasDates) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(dateMs).toISOString()}`);
      const file = `${clip.name}_${String(sequence)}_${String(timestampMs)}_${String(index)}.${extension}`;
      lines.push('#EXTINF:2,', file);
    }
    return `${lines.join('\n')}\n`;
  }
}

function readTimescales(init: Uint8Array): Timescales {
  const view = viewOf(init);
  const timescales = findBoxes(init, 'moov/trak').map((trak): [number, number] => {
    const tkhd = findBox(init, 'tkhd', trak).bodyStart;
    const mdhd = findBox(init, 'mdia/mdhd', trak).bodyStart;
    return [
      view.getUint32(tkhd + (view.getUint8(tkhd) === 1 ? 20 : 12)),
      view.getUint32(mdhd + (view.getUint8(mdhd) === 1 ? 20 : 12)),
    ];
  });
  return new Map(timescales);
}

/** Where a fragment begins, in milliseconds. */
function startMs(fragment: Uint8Array, timescales: Timescales): number {
  const [traf] = findBoxes(fragment, 'moof/traf');
  if (!traf) throw new RangeError('The fragment has no track.');
  const view = viewOf(fragment);
  const trackId = view.getUint32(findBox(fragment, 'tfhd', traf).bodyStart + 4);
  const ticks = view.getBigUint64(findBox(fragment, 'tfdt', traf).bodyStart + 4);
  return (Number(ticks) * 1000) / (timescales.get(trackId) ?? NaN);
}
