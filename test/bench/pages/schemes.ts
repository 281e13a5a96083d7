import Hls from 'hls.js';
import { watchHls } from '../../player/support/hls-instances.js';
import {
  type Play,
  playControl,
  playScheme,
  schemesOf,
  type PlayFigures,
  type SchemeDescription,
} from '../../player/support/scheme-play.js';
import { type HandWrittenSource, measureByHand } from '../by-hand/measure-by-hand.js';

/** What the page plays. */
export interface SchemeRun {
  readonly origin: string;
  readonly schemes: readonly string[];
  readonly stream: string;
  readonly seconds: number;
  readonly ttlSeconds: number;
  readonly switchEveryMs: number;
  /** The pages to play instead of the player, by name of the scheme. */
  readonly handWritten?: Readonly<Record<string, HandWrittenSource>>;
}

export interface SchemeRunFigures {
  readonly control: PlayFigures;
  /** By name of the scheme. */
  readonly rows: Readonly<Record<string, PlayFigures>>;
}

const START_LIMIT_MS = 30_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Plays a stream with several schemes and the control side by side. */
async function runSchemes(run: SchemeRun): Promise<SchemeRunFigures> {
  const { origin, stream, seconds, switchEveryMs } = run;
  const known = await schemesOf(origin);
  const chosen = run.schemes.flatMap((name) => known.find((each) => each.name === name) ?? []);
  const control = playControl(origin, stream);
  const plays = chosen.map((scheme) => ({ scheme, play: start(run, scheme) }));
  const all = [control, ...plays.map(({ play }) => play)];
  const startedMs = performance.now();
  while (all.some(({ media }) => media.currentTime === 0 || media.readyState < 3)) {
    if (performance.now() - startedMs > START_LIMIT_MS) break;
    await wait(50);
  }
  const idle = new Set(all.filter(({ media }) => media.currentTime === 0));
  for (const play of all) play.begin();
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    await wait(Math.min(switchEveryMs, endMs - performance.now()));
    for (const { scheme, play } of plays) if (isSwitched(scheme)) play.switchOn();
    if (plays.some(({ scheme }) => isSwitched(scheme))) control.switchOn();
  }
  const figuresOf = (play: Play): PlayFigures => {
    const figures = play.figures();
    return idle.has(play) ? { ...figures, failures: [...figures.failures, 'did not start'] } : figures;
  };
  const figures = {
    control: figuresOf(control),
    rows: Object.fromEntries(plays.map(({ scheme, play }) => [scheme.name, figuresOf(play)])),
  };
  for (const play of all) play.remove();
  return figures;
}

function start(run: SchemeRun, scheme: SchemeDescription): Play {
  const { origin, handWritten } = run;
  if (!handWritten) return playScheme(origin, scheme, run);
  const source = handWritten[scheme.name];
  if (!source) throw new TypeError(`There is no hand-written page for ${scheme.name}.`);
  return measureByHand(origin, scheme, source, run);
}

/** Where the origin writes the tokens, each rendition has addresses of its own. */
function isSwitched({ way }: SchemeDescription): boolean {
  return way === 'playlists';
}

declare global {
  interface Window {
    runSchemes: typeof runSchemes;
  }
}

// As in the other players, so that the renditions are small.
Hls.DefaultConfig.capLevelToPlayerSize = true;
watchHls();
window.runSchemes = runSchemes;
