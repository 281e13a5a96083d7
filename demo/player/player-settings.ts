import { type FaultTree, readFaultParameters, writeFaultParameters } from '../shared/fault-parameters.js';
import { type DemoRendition, demoRenditions } from './demo-renditions.js';

/** What the address of the player page says. */
export interface PlayerSettings {
  /** Attributes with a value, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** Attributes that are there or not. */
  readonly flags: readonly string[];
  /** Streams that are played as one, each with a token of its own; wins over `src`. */
  readonly entries: readonly string[];
  /** Seconds of the past on the timeline. */
  readonly windowSeconds: number;
  readonly faults: FaultTree;
}

export const valueAttributes = [
  'src',
  'stream',
  'token-url',
  'token-credentials',
  'token-placement',
  'token-origins',
  'refresh-lead',
  'engine',
  'playlist-signer',
  'nanoplayer-src',
  'refresh-mode',
  'poster',
  'preload',
  'crossorigin',
] as const;

export const flagAttributes = ['controls', 'autoplay', 'muted', 'playsinline', 'loop'] as const;

const defaultValues: Readonly<Record<string, string>> = {
  src: '/live/demo.m3u8',
  'token-url': '/api/tokens',
};
const defaultFlags: readonly string[] = ['controls', 'autoplay', 'muted', 'playsinline'];
const defaultWindowSeconds = 60;

/** Reads the address; what it does not name is as the page has it by itself. */
export function readSettings(parameters: URLSearchParams): PlayerSettings {
  const values = Object.fromEntries(
    valueAttributes.flatMap((name) => {
      const value = parameters.get(name) ?? defaultValues[name] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
  const flags = flagAttributes.filter((name) => {
    const value = parameters.get(name);
    return value === null ? defaultFlags.includes(name) : !['0', 'false', 'no'].includes(value);
  });
  const windowSeconds = Number(parameters.get('window') ?? defaultWindowSeconds);
  return {
    values,
    flags,
    entries: (parameters.get('entries') ?? '').split(/[\s,]+/).filter(Boolean),
    windowSeconds: windowSeconds >= 10 && windowSeconds <= 1200 ? windowSeconds : defaultWindowSeconds,
    faults: readFaultParameters(parameters),
  };
}

/** The address for some settings: only what differs from the page's own choice. */
export function writeSettings(settings: PlayerSettings): URLSearchParams {
  const pairs: [string, string][] = [];
  if (settings.entries.length > 0) pairs.push(['entries', settings.entries.join(',')]);
  for (const name of valueAttributes) {
    const value = settings.values[name] ?? '';
    if (value !== (defaultValues[name] ?? '')) pairs.push([name, value]);
  }
  for (const name of flagAttributes) {
    const isSet = settings.flags.includes(name);
    if (isSet !== defaultFlags.includes(name)) pairs.push([name, isSet ? '1' : '0']);
  }
  if (settings.windowSeconds !== defaultWindowSeconds) pairs.push(['window', String(settings.windowSeconds)]);
  return new URLSearchParams([...pairs, ...writeFaultParameters(settings.faults)]);
}

/** The attributes of the tag, in the order in which a person would write them. */
export function toAttributes({ values, flags, entries }: PlayerSettings): [string, string][] {
  const isOneStream = entries.length === 0;
  return [
    ...valueAttributes
      .filter((name) => isOneStream || (name !== 'src' && name !== 'stream'))
      .flatMap((name): [string, string][] => {
        const value = values[name];
        return value === undefined || value === '' ? [] : [[name, value]];
      }),
    ...flags.map((name): [string, string] => [name, '']),
  ];
}

/** The `<source>` children of the tag, as attributes. */
export function toSourceAttributes({ entries }: PlayerSettings): [string, string][][] {
  return entries.map((stream) => {
    const known: DemoRendition | undefined = demoRenditions.find((rendition) => rendition.stream === stream);
    const details: [string, string][] = known
      ? [
          ['data-bitrate', String(known.bitrateKbps)],
          ['data-width', String(known.width)],
          ['data-height', String(known.height)],
          ['label', known.label],
        ]
      : [];
    return [['src', `/live/${encodeURIComponent(stream)}.m3u8`], ['data-stream', stream], ...details];
  });
}

/** Streams that the tag will ask tokens for. */
export function streamsOf({ values, entries }: PlayerSettings): string[] {
  if (entries.length > 0) return [...entries];
  const named = values['stream'];
  if (named !== undefined && named !== '') return [named];
  const file = (values['src'] ?? '').split(/[?#]/)[0]?.split('/').pop() ?? '';
  return file === '' ? [] : [decodeSafely(file.replace(/\.m3u8$/i, ''))];
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
