import { type FaultTree, readFaultParameters, writeFaultParameters } from '../faults/fault-parameters.js';
import { writeTagHtml } from './tag-html.js';
import {
  type Attribute,
  type TagSettings,
  createTagSpec,
  readTagSettings,
  tagAttributes,
  writeTagSettings,
} from './tag-settings.js';
import { playerFields } from './setting-fields.js';
import { demoRenditions } from './demo-renditions.js';

/** What the address of the player page says. */
export interface PlayerSettings extends TagSettings {
  /** Streams that are played as one, each with a token of its own; wins over `src`. */
  readonly entries: readonly string[];
  /** Seconds of the past on the timeline. */
  readonly windowSeconds: number;
  readonly faults: FaultTree;
}

export const playerSpec = createTagSpec(playerFields, {
  defaultValues: { src: '/live/demo.m3u8', 'token-url': '/api/tokens', controls: 'skin' },
  defaultFlags: ['autoplay', 'muted', 'playsinline'],
});

const defaultWindowSeconds = 60;

/** Reads the address; what it does not name is as the page has it by itself. */
export function readSettings(parameters: URLSearchParams): PlayerSettings {
  const windowSeconds = Number(parameters.get('window') ?? defaultWindowSeconds);
  const tag = readTagSettings(playerSpec, parameters);
  const { controls = '', ...values } = tag.values;
  const kind = readControls(controls);
  return {
    ...tag,
    values: kind === '' ? values : { ...values, controls: kind },
    entries: splitNames(parameters.get('entries') ?? ''),
    windowSeconds: windowSeconds >= 10 && windowSeconds <= 1200 ? windowSeconds : defaultWindowSeconds,
    faults: readFaultParameters(parameters),
  };
}

/** The address for some settings: only what differs from the page's own choice. */
export function writeSettings(settings: PlayerSettings): URLSearchParams {
  const { entries, windowSeconds, faults } = settings;
  const pairs: [string, string][] = [];
  if (entries.length > 0) pairs.push(['entries', entries.join(',')]);
  if (windowSeconds !== defaultWindowSeconds) pairs.push(['window', String(windowSeconds)]);
  return new URLSearchParams([
    ...writeTagSettings(playerSpec, settings),
    ...pairs,
    ...writeFaultParameters(faults),
  ]);
}

export function splitNames(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The attributes of the tag. */
export function playerAttributes(settings: PlayerSettings): Attribute[] {
  const isOneStream = settings.entries.length === 0;
  return tagAttributes(playerSpec, settings)
    .filter(([name]) => isOneStream || (name !== 'src' && name !== 'stream'))
    .map(([name, value]) => [name, name === 'controls' && value === 'skin' ? '' : value]);
}

/** `skin`, `native`, or nothing; older addresses have it as a flag. */
function readControls(value: string): string {
  if (/^(?:0|no|none|false)$/.test(value)) return '';
  return value === '' || value === 'native' ? value : 'skin';
}

/** The `<source>` children of the tag, as attributes. */
export function sourceAttributes({ entries }: PlayerSettings): Attribute[][] {
  return entries.map((stream) => {
    const known = demoRenditions.find((rendition) => rendition.stream === stream);
    const details: Attribute[] = known
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

/** The HTML that plays what this page plays, on any page. */
export function writePlayerHtml(settings: PlayerSettings, origin: string): string {
  return writeTagHtml({
    tag: 'secure-player',
    attributes: playerAttributes(settings),
    sources: sourceAttributes(settings),
    origin,
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

/** Settings with another thing to play, as an option of the preset list names it: a part of an address. */
export function applyPreset(settings: PlayerSettings, preset: string): PlayerSettings {
  if (preset === '') return settings;
  const parameters = writeSettings(settings);
  for (const name of ['src', 'stream', 'entries']) parameters.delete(name);
  for (const [name, value] of new URLSearchParams(preset)) parameters.append(name, value);
  return readSettings(parameters);
}

/** The preset that says what these settings play. */
export function presetOf({ values, entries }: PlayerSettings): string {
  return entries.length > 0 ? `entries=${entries.join(',')}` : `src=${values['src'] ?? ''}`;
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
