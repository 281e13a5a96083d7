import type { FaultTree } from '@gatecast/qa/internal/faults/fault-patch';
import { readFaultParameters, writeFaultParameters } from '../faults/fault-parameters.js';
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
import { schemeParameters, schemePresets } from './scheme-presets.js';
import { demoRenditions } from './demo-renditions.js';

/** Settings in the URL of the player page. */
export interface PlayerSettings extends TagSettings {
  /** Streams of one source with several entries, each with its own token. Takes precedence over `src`. */
  readonly entries: readonly string[];
  /** Seconds of the past on the time axis, 10 to 1200. @defaultValue 60 */
  readonly windowSeconds: number;
  readonly faults: FaultTree;
}

export const playerSpec = createTagSpec(playerFields, {
  defaultValues: { src: '/live/demo.m3u8', 'token-url': '/api/tokens', controls: 'skin' },
  defaultFlags: ['autoplay', 'muted', 'playsinline'],
});

const defaultWindowSeconds = 60;

/** Reads the URL parameters. Missing parameters have the default values of the page. */
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

/** Returns the URL parameters of settings. Omits default values. */
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

/** Returns the attributes of the tag. */
export function playerAttributes(settings: PlayerSettings): Attribute[] {
  const isOneStream = settings.entries.length === 0;
  return tagAttributes(playerSpec, settings)
    .filter(([name]) => isOneStream || (name !== 'src' && name !== 'stream'))
    .map(([name, value]) => [name, name === 'controls' && value === 'skin' ? '' : value]);
}

/** Returns `skin`, `native` or `''`. Older URLs have `controls` as a flag. */
function readControls(value: string): string {
  if (/^(?:0|no|none|false)$/.test(value)) return '';
  return value === '' || value === 'native' ? value : 'skin';
}

/** Returns the attributes of each `<source>` child. */
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

/** Writes HTML that plays the same source on any page. */
export function writePlayerHtml(settings: PlayerSettings, origin: string): string {
  return writeTagHtml({
    tag: 'secure-player',
    attributes: playerAttributes(settings),
    sources: sourceAttributes(settings),
    origin,
  });
}

/** Returns the streams for which the tag requests tokens. */
export function streamsOf({ values, entries }: PlayerSettings): string[] {
  if (entries.length > 0) return [...entries];
  const named = values['stream'];
  if (named !== undefined && named !== '') return [named];
  const file = (values['src'] ?? '').split(/[?#]/)[0]?.split('/').pop() ?? '';
  return file === '' ? [] : [decodeSafely(file.replace(/\.m3u8$/i, ''))];
}

/** Returns settings with another source. A preset is a part of a URL query, for example `src=/live/demo.m3u8`. */
export function applyPreset(settings: PlayerSettings, preset: string): PlayerSettings {
  if (preset === '') return settings;
  const parameters = writeSettings(settings);
  for (const name of schemeParameters) parameters.delete(name);
  for (const [name, value] of new URLSearchParams(preset)) parameters.append(name, value);
  return readSettings(parameters);
}

/** Returns the preset for the source in the settings. */
export function presetOf({ values, entries }: PlayerSettings): string {
  const isOfScheme = (parameters: string): boolean =>
    [...new URLSearchParams(parameters)].every(([name, value]) => (values[name] ?? '') === value);
  const [, scheme] = schemePresets.find(([, parameters]) => isOfScheme(parameters)) ?? [];
  if (scheme !== undefined) return scheme;
  return entries.length > 0 ? `entries=${entries.join(',')}` : `src=${values['src'] ?? ''}`;
}

/** Also used for the names in addresses of requests. */
export function decodeSafely(text: string): string {
  try {
    // A URL may contain "%" without digits after it, which is not an escape.
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    return text;
  }
}
