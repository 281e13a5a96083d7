import { watchHls } from '../../player/support/hls-instances.js';
import {
  playControl,
  playScheme,
  schemesOf,
  type PlayFigures,
  type SchemeDescription,
} from '../../player/support/scheme-play.js';

/** What the page plays. */
export interface SchemeRun {
  readonly origin: string;
  readonly schemes: readonly string[];
  readonly stream: string;
  readonly seconds: number;
  readonly ttlSeconds: number;
  readonly switchEveryMs: number;
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
  const plays = chosen.map((scheme) => ({ scheme, play: playScheme(origin, scheme, run) }));
  const all = [control, ...plays.map(({ play }) => play)];
  const startedMs = performance.now();
  while (all.some(({ media }) => media.currentTime === 0 || media.readyState < 3)) {
    if (performance.now() - startedMs > START_LIMIT_MS) break;
    await wait(50);
  }
  for (const play of all) play.begin();
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    await wait(Math.min(switchEveryMs, endMs - performance.now()));
    for (const { scheme, play } of plays) if (isSwitched(scheme)) play.switchOn();
    if (plays.some(({ scheme }) => isSwitched(scheme))) control.switchOn();
  }
  const figures = {
    control: control.figures(),
    rows: Object.fromEntries(plays.map(({ scheme, play }) => [scheme.name, play.figures()])),
  };
  for (const play of all) play.remove();
  return figures;
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

watchHls();
window.runSchemes = runSchemes;
