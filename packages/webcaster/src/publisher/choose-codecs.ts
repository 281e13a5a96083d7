import { settlesWithin, type Clock } from '@gatecast/token';
import { askEncoder, type EncoderAbility, type PictureWish } from './ask-encoder.js';
import { readCodecList } from './video-codecs.js';

export interface CodecWish {
  /** The attribute `codec`. */
  readonly codec: string;
  readonly picture: PictureWish;
  /** Names of the codecs that the browser can send, in its own order. */
  readonly available: readonly string[];
}

export interface CodecTools {
  readonly clock: Clock;
  /** Asks the browser about an encoder. @defaultValue `askEncoder` */
  readonly ask?: typeof askEncoder;
}

/** Which codecs are offered. */
export interface CodecChoice {
  /** Names, such as `h264`, by preference. Empty if the browser can send none of those that are wanted. */
  readonly names: readonly string[];
  /** Those that are wanted, including those of a list that the browser cannot send. */
  readonly wanted: readonly string[];
  /** The only one that is offered after an ingest has refused the offer; `null` without another try. */
  readonly floor: string | null;
}

/** By how much quality they give for their bitrate. */
const ENHANCED = ['av1', 'h265', 'vp9'];
const FLOOR = 'h264';
/** What every browser can send, for those without H.264. */
const LAST = 'vp8';
/** Browsers respond in some milliseconds. */
const ASK_LIMIT_MS = 1000;

/** Orders the codecs for an offer by the attribute `codec`. */
export async function chooseCodecs(wish: CodecWish, tools: CodecTools): Promise<CodecChoice> {
  const { codec, available } = wish;
  if (codec === 'enhanced') return choice(await enhancedCodecs(wish, tools), [FLOOR, LAST]);
  if (codec === 'auto') return choice(first(FLOOR, available), []);
  const wanted = readCodecList(codec);
  const names = wanted.filter((name) => available.includes(name));
  return choice(names, [FLOOR], wanted);
}

/**
 * AV1, HEVC and VP9 come before H.264 if this device encodes them in time and not less efficiently than H.264. What is in time,
 * but costs more, comes after it, as does what the browser says nothing about. What is too slow is left out.
 */
async function enhancedCodecs(
  { picture, available }: CodecWish,
  { clock, ask = askEncoder }: CodecTools,
): Promise<readonly string[]> {
  const asked = [...ENHANCED, FLOOR].filter((name) => available.includes(name));
  const abilities = new Map<string, EncoderAbility>();
  const asking = Promise.all(
    asked.map(async (name) => {
      abilities.set(name, await ask(name, picture));
    }),
  );
  await settlesWithin(asking, clock, ASK_LIMIT_MS);
  const usable = asked.filter((name) => name !== FLOOR && !isUseless(abilities.get(name)));
  const floor = abilities.get(FLOOR);
  const before = usable.filter((name) => isBetter(abilities.get(name), floor));
  const after = usable.filter((name) => !before.includes(name));
  // The cheap ones first.
  const cheap = before.filter((name) => abilities.get(name)?.isPowerEfficient);
  const order = [...cheap, ...before.filter((name) => !cheap.includes(name)), FLOOR, ...after, LAST];
  return order.filter((name) => available.includes(name));
}

function isUseless(ability: EncoderAbility | undefined): boolean {
  return ability?.isSupported === false || ability?.isSmooth === false;
}

function isBetter(ability: EncoderAbility | undefined, floor: EncoderAbility | undefined): boolean {
  return (
    ability?.isSmooth === true && (ability.isPowerEfficient === true || floor?.isPowerEfficient !== true)
  );
}

function choice(names: readonly string[], floors: readonly string[], wanted = names): CodecChoice {
  const floor = floors.find((name) => names.includes(name)) ?? null;
  return { names, wanted, floor: floor === names[0] ? null : floor };
}

function first(name: string, names: readonly string[]): readonly string[] {
  return names.includes(name) ? [name, ...names.filter((other) => other !== name)] : names;
}
