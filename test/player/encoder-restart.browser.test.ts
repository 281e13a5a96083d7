import { expect } from 'chai';
import Hls, { FetchLoader } from 'hls.js';
import { cleanPage } from './support/clean-page.js';
import { LiveEncoder, type EncoderOptions, type Restart } from './support/live-encoder.js';
import { mountPlayer, pause, until } from './support/player-fixture.js';

/** Milliseconds of a stall that a restart may cause, more than the stream itself. */
const LIMIT_MS = 8000;
const STEP_MS = 100;

interface RestartCase extends Restart {
  readonly name: string;
  readonly options: EncoderOptions;
}

const CASES: readonly RestartCase[] = [
  { name: 'timestamps at 0, transport stream', options: { container: 'ts' }, timestampS: 0 },
  {
    name: 'timestamps ahead, transport stream',
    options: { container: 'ts', hasDates: true },
    timestampS: 2000,
  },
  { name: 'all at 0, transport stream', options: { container: 'ts' }, timestampS: 0, sequence: 0 },
  { name: 'all at 0, fMP4', options: { container: 'cmaf' }, timestampS: 0, sequence: 0 },
  {
    name: 'timestamps at 0, fMP4, another init segment',
    options: { container: 'cmaf', hasDates: true },
    timestampS: 0,
    rendition: 'medium',
  },
];

/** A media element, and how long it has been standing still. */
class Standstill {
  longestMs = 0;
  playedS = 0;
  readonly #media: Pick<HTMLMediaElement, 'currentTime'>;
  #lastTime: number;
  #sinceMs = performance.now();

  constructor(media: Pick<HTMLMediaElement, 'currentTime'>) {
    this.#media = media;
    this.#lastTime = media.currentTime;
  }

  sample(): void {
    const { currentTime } = this.#media;
    const movedS = currentTime - this.#lastTime;
    this.#lastTime = currentTime;
    // A jump to another place does not count as playback.
    const isPlaying = movedS > 0 && movedS < 1;
    if (isPlaying) this.playedS += movedS;
    if (isPlaying) this.#sinceMs = performance.now();
    this.longestMs = Math.max(this.longestMs, performance.now() - this.#sinceMs);
  }
}

/** Plain hls.js on an encoder that does not restart: its stalls come from the machine. */
async function startControl(): Promise<{ video: HTMLVideoElement; end: () => void }> {
  const encoder = await LiveEncoder.start({ container: 'cmaf' });
  const video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true, width: 160 });
  document.body.append(video);
  const hls = new Hls({ loader: FetchLoader });
  hls.attachMedia(video);
  hls.loadSource(encoder.url);
  const end = (): void => {
    hls.destroy();
    video.remove();
  };
  return { video, end };
}

describe('<secure-player> on a stream whose encoder restarts without a discontinuity', () => {
  afterEach(async () => {
    await cleanPage();
    LiveEncoder.endAll();
  });

  it('plays on within 8 s of the new media, and waits while there is none', async () => {
    const control = await startControl();
    const runs = await Promise.all(
      CASES.map(async ({ name, options, ...restart }) => {
        const encoder = await LiveEncoder.start(options);
        const { player, events } = mountPlayer({
          src: encoder.url,
          prepare: (element) => {
            element.removeAttribute('token-url');
            element.style.width = '160px';
          },
        });
        return { name, encoder, restart, player, events };
      }),
    );
    await until(() => runs.every(({ player }) => player.currentTime > 0 && !player.paused), 'all players');
    await until(() => control.video.currentTime > 0, 'the control');
    await pause(3000);
    for (const { encoder } of runs) encoder.pause();
    await until(() => runs.every(({ player }) => player.readyState < 3), 'every player to run out of media');
    for (const { encoder, restart } of runs) {
      encoder.restart(restart);
      encoder.resume();
    }
    const controlStill = new Standstill(control.video);
    const meters = runs.map((run) => ({ ...run, still: new Standstill(run.player) }));
    const hasPlayed = (): boolean => meters.every(({ still }) => still.playedS > 6);
    const startMs = performance.now();
    while (!hasPlayed() && performance.now() - startMs < 3 * LIMIT_MS + controlStill.longestMs) {
      await pause(STEP_MS);
      controlStill.sample();
      for (const { still } of meters) still.sample();
    }
    control.end();
    for (const { name, still, player, events } of meters) {
      const what = `${name}: ${JSON.stringify(player.diagnostics())}`;
      expect(still.playedS, what).to.be.greaterThan(6);
      expect(still.longestMs, what).to.be.lessThan(LIMIT_MS + 2 * controlStill.longestMs);
      expect(
        events.filter((event) => event.startsWith('secure-error')),
        what,
      ).to.deep.equal([]);
    }
  });
});
