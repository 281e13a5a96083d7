import type { SecurePlayer } from '@gatecast/player';
import { createClockReader } from '../../../demo/shared/broadcast/delay-meter.js';
import { createTestPicture } from '../../../demo/shared/broadcast/test-picture.js';

/** A frame that a player has shown, by the clock of the device. */
export interface ShownFrame {
  readonly atMs: number;
  /** Age of the picture by the clock in it; `null` where it could not be read. */
  readonly delayMs: number | null;
}

export interface FrameCounts {
  readonly shown: number;
  readonly dropped: number;
  readonly longestGapMs: number;
}

/** What the bench `whep` does in its pages. */
export interface WhepBench {
  /** Goes on air with the test picture, whose clock players read. Resolves when it is live. */
  broadcast(): Promise<void>;
  stopBroadcast(): Promise<void>;
  /** Adds a player and calls `play()`. Resolves with the time until its first frame, in milliseconds. */
  play(name: string, attributes: Readonly<Record<string, string>>): Promise<number>;
  frames(name: string): readonly ShownFrame[];
  /** Since the call before, or since the first frame. */
  counts(name: string): FrameCounts;
  diagnostics(name: string): unknown;
}

declare global {
  interface Window {
    whepBench: WhepBench;
  }
}

interface Watched {
  readonly player: SecurePlayer;
  readonly frames: ShownFrame[];
  before: { readonly shown: number; readonly dropped: number; readonly atMs: number };
}

const READ_EVERY_MS = 200;
const watched = new Map<string, Watched>();

function find(name: string): Watched {
  const found = watched.get(name);
  if (!found) throw new Error(`No player ${name}.`);
  return found;
}

const videoOf = ({ player }: Watched): HTMLVideoElement | null =>
  player.shadowRoot?.querySelector('video') ?? null;

/** The browser calls back for each frame of the video that it shows. */
function watchFrames(one: Watched, onFirst: () => void): void {
  const reader = createClockReader();
  let nextReadMs = 0;
  const wait = (): void => {
    const video = videoOf(one);
    if (!video) {
      setTimeout(wait, 1);
      return;
    }
    video.requestVideoFrameCallback(() => {
      const atMs = Date.now();
      if (one.frames.length === 0) onFirst();
      let delayMs: number | null = null;
      if (atMs >= nextReadMs) {
        nextReadMs = atMs + READ_EVERY_MS;
        const madeAtMs = reader.read(video, atMs);
        delayMs = madeAtMs === null ? null : atMs - madeAtMs;
      }
      one.frames.push({ atMs, delayMs });
      wait();
    });
  };
  wait();
}

function quality(one: Watched): { shown: number; dropped: number } {
  const { totalVideoFrames = 0, droppedVideoFrames = 0 } = videoOf(one)?.getVideoPlaybackQuality() ?? {};
  return { shown: totalVideoFrames, dropped: droppedVideoFrames };
}

window.whepBench = {
  async broadcast() {
    const webcaster = document.querySelector('secure-webcaster');
    if (!webcaster) throw new Error('The page has no webcaster.');
    await customElements.whenDefined('secure-webcaster');
    webcaster.mediaStream = createTestPicture().stream;
    await webcaster.startBroadcast();
  },
  async stopBroadcast() {
    await document.querySelector('secure-webcaster')?.stopBroadcast();
  },
  async play(name, attributes) {
    await customElements.whenDefined('secure-player');
    const player = document.createElement('secure-player');
    for (const [key, value] of Object.entries(attributes)) player.setAttribute(key, value);
    const one: Watched = { player, frames: [], before: { shown: 0, dropped: 0, atMs: Date.now() } };
    watched.set(name, one);
    document.body.append(player);
    // What a tag without `preload` does before the click must not count for either engine.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return new Promise((resolve, reject) => {
      const clickedAtMs = performance.now();
      watchFrames(one, () => resolve(performance.now() - clickedAtMs));
      player.addEventListener('secure-error', ({ error }) => {
        if (one.frames.length === 0) reject(new Error(`${name}: ${error.code}`));
      });
      player.play().catch(() => undefined);
    });
  },
  frames: (name) => find(name).frames,
  counts(name) {
    const one = find(name);
    const { shown, dropped } = quality(one);
    const { before } = one;
    one.before = { shown, dropped, atMs: Date.now() };
    const times = one.frames.map(({ atMs }) => atMs).filter((atMs) => atMs >= before.atMs);
    const gaps = times.map((atMs, index) => atMs - (times[index - 1] ?? atMs));
    return {
      shown: shown - before.shown,
      dropped: dropped - before.dropped,
      longestGapMs: gaps.reduce((most, gap) => Math.max(most, gap), 0),
    };
  },
  diagnostics: (name) => find(name).player.diagnostics(),
};
