import { delay, type Clock } from '@gatecast/token';
import { ChannelAnalyser } from '../capture/channel-analyser.js';
import { isGoodLevel, type LevelReading } from './judge-microphone.js';

const WATCH_MS = 3000;
const LOOK_EVERY_MS = 50;
/** Browsers let a page hear sound only after a click, in some cases. */
const RESUME_LIMIT_MS = 500;

/**
 * Reads the level of a track for up to three seconds; it ends as soon as speech was heard at a good level.
 *
 * @returns `null` if the browser does not let this page measure sound yet.
 * @throws the signal's reason.
 */
export async function watchMicrophone(
  track: MediaStreamTrack,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<readonly LevelReading[] | null> {
  const context = new AudioContext();
  try {
    const analyser = new ChannelAnalyser(context, 2048);
    const source = context.createMediaStreamSource(new MediaStream([track]));
    source.connect(analyser.input);
    context.resume().catch(() => undefined);
    const mustRunByMs = clock.now() + RESUME_LIMIT_MS;
    while (context.state !== 'running') {
      if (clock.now() > mustRunByMs) return null;
      await delay(clock, LOOK_EVERY_MS, signal);
    }
    return await readLevels(analyser, { clock, signal });
  } finally {
    // It fails only for a context that is closed already.
    context.close().catch(() => undefined);
  }
}

async function readLevels(
  analyser: ChannelAnalyser,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<readonly LevelReading[]> {
  const readings: LevelReading[] = [];
  const endsAtMs = clock.now() + WATCH_MS;
  while (clock.now() < endsAtMs && !isGoodLevel(readings)) {
    await delay(clock, LOOK_EVERY_MS, signal);
    readings.push(analyser.loudest(levelOf, ({ rms }) => rms));
  }
  return readings;
}

/** Peak and root mean square of samples in [-1, 1]. */
export function levelOf(samples: Float32Array): LevelReading {
  let peak = 0;
  let sum = 0;
  for (const sample of samples) {
    peak = Math.max(peak, Math.abs(sample));
    sum += sample ** 2;
  }
  return { peak, rms: Math.sqrt(sum / Math.max(1, samples.length)) };
}
