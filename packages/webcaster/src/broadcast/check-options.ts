import { WrongValueWarnings, setByFalse, wrongValue } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import type { WebcasterOptions } from '../element/webcaster-options.js';
import { PICTURE_LAYOUTS } from '../composition/layout-names.js';
import { CODEC_MODES, CODEC_NAMES, wrongCodec } from '../publisher/video-codecs.js';
import { publisherNames } from '../publisher/registry.js';

interface Enumerated {
  readonly values: readonly string[];
  readonly read: (options: WebcasterOptions) => unknown;
}

/** Every attribute with a fixed list of values. */
export const ENUMERATED_OPTIONS: Readonly<Record<string, Enumerated>> = {
  publisher: { values: publisherNames, read: ({ publisher }) => publisher },
  capture: { values: ['camera', 'screen', 'camera screen', 'audio', 'none'], read: ({ capture }) => capture },
  layout: { values: PICTURE_LAYOUTS, read: ({ layout }) => layout ?? 'picture-in-picture' },
  codec: { values: [...CODEC_MODES, ...CODEC_NAMES], read: ({ codec }) => wrongCodec(codec) ?? 'auto' },
  'degradation-preference': {
    values: ['auto', 'balanced', 'maintain-framerate', 'maintain-resolution'],
    read: ({ degradationPreference }) => degradationPreference ?? 'auto',
  },
  'audio-mode': { values: ['speech', 'music'], read: ({ audioMode }) => audioMode ?? 'speech' },
  'device-loss': { values: ['slate', 'switch', 'none'], read: ({ deviceLoss }) => deviceLoss },
  'token-credentials': {
    values: ['omit', 'same-origin', 'include'],
    read: ({ tokenCredentials }) => tokenCredentials,
  },
  // Its value begins with one of these; the rest is checked where it is read.
  'token-placement': {
    values: ['header', 'query', 'path', 'cookie', 'none'],
    read: ({ tokenPlacement }) => tokenPlacement.trim().replace(/:.*$/s, ''),
  },
};

/**
 * Refuses a value that does not exist: another camera, codec or publisher would be used in its place.
 *
 * @param attributes - @defaultValue all
 * @throws GatecastError `settings-invalid`
 */
export function requireKnownValues(
  options: WebcasterOptions,
  attributes: readonly string[] = Object.keys(ENUMERATED_OPTIONS),
): void {
  for (const attribute of attributes) {
    const { values, read } = ENUMERATED_OPTIONS[attribute] ?? { values: [], read: () => undefined };
    const wrong = wrongValue(attribute, read(options), values);
    if (wrong) throw new GatecastError('settings-invalid', wrong.message, { hint: wrong.hint });
  }
}

/** Every attribute that is on, whatever its value is. */
export const BOOLEAN_ATTRIBUTES: readonly string[] = [
  'allow-partial',
  'controls',
  'dpop',
  'hidden',
  'show-slate',
  'simulcast',
];

/** Warns in the console of boolean attributes that their value should turn off: of each once. */
export class ValueWarnings {
  readonly #warnings = new WrongValueWarnings();

  update(webcaster: Pick<Element, 'getAttribute'>): void {
    for (const attribute of BOOLEAN_ATTRIBUTES)
      this.#warnings.add(setByFalse(attribute, webcaster.getAttribute(attribute)));
  }
}
