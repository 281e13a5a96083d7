import { WrongValueWarnings, setByFalse, wrongValue, type WrongValue } from '@gatecast/element';
import { nearestName } from '@gatecast/token';
import { engineNames } from '../engine/registry.js';
import { themes } from './theme.js';

/** The element, as far as it is compared with the values that exist. */
export interface EnumeratedOptions {
  readonly engine: string;
  readonly tokenCredentials: string;
  readonly tokenPlacement: string;
  readonly refreshMode: string;
  readonly liveCatchUp: string;
  readonly cmcd: string | null;
  readonly controls: string | boolean | null;
  readonly loading: string;
  readonly theme: string;
  readonly remember: string;
  readonly startTime: number | null;
  getAttribute(name: string): string | null;
}

interface Enumerated {
  readonly values: readonly string[];
  readonly read: (player: EnumeratedOptions) => unknown;
}

/** Longer values are cut, so that a message stays readable. */
const LONGEST_SHOWN = 60;
const controlsValues = ['native'];
const cmcdValues = ['query', 'headers', 'query-v2', 'headers-v2'];

/** Every attribute with a fixed list of values. */
export const ENUMERATED_OPTIONS: Readonly<Record<string, Enumerated>> = {
  engine: { values: ['auto', ...engineNames], read: ({ engine }) => engine },
  'token-credentials': {
    values: ['omit', 'same-origin', 'include'],
    read: ({ tokenCredentials }) => tokenCredentials,
  },
  // Its value begins with one of these; the rest is checked where it is read.
  'token-placement': {
    values: ['query', 'header', 'path', 'cookie', 'none'],
    read: ({ tokenPlacement }) => tokenPlacement.trim().replace(/:.*$/s, ''),
  },
  'refresh-mode': { values: ['eager', 'deferred'], read: ({ refreshMode }) => refreshMode },
  'live-catch-up': { values: ['jump', 'speed'], read: ({ liveCatchUp }) => liveCatchUp },
  cmcd: { values: cmcdValues, read: ({ cmcd }) => (cmcd === '' ? null : cmcd) ?? 'query' },
  loading: { values: ['eager', 'lazy'], read: ({ loading }) => loading },
  theme: { values: themes, read: ({ theme }) => theme },
  // Any other text shows the player's own controls.
  controls: {
    values: controlsValues,
    read: ({ controls }) => (nearestName(String(controls), controlsValues) ? controls : controlsValues[0]),
  },
  // Those of HTML have a default for any other value, and an empty one has a meaning.
  preload: {
    values: ['none', 'metadata', 'auto'],
    read: (player) => htmlValue(player, 'preload', 'auto'),
  },
  crossorigin: {
    values: ['anonymous', 'use-credentials'],
    read: (player) => htmlValue(player, 'crossorigin', 'anonymous'),
  },
};

/** Every attribute that is on, whatever its value is. */
export const BOOLEAN_ATTRIBUTES: readonly string[] = [
  'autoplay',
  'controls',
  'dpop',
  'hidden',
  'loop',
  'muted',
  'playsinline',
  'wait',
];

/** Warns in the console of a value that does not exist: each once. What viewers read is another text. */
export class ValueWarnings {
  readonly #warnings = new WrongValueWarnings();

  update(player: EnumeratedOptions): void {
    const { startTime } = player;
    if (startTime !== null && !Number.isFinite(startTime)) this.#warnings.add(noTime(player));
    // Separated by spaces. An empty attribute remembers nothing, and so does one that is not set.
    if (player.remember || player.getAttribute('remember') !== null)
      for (const each of player.remember.trim().split(/\s+/))
        this.#warnings.add(wrongValue('remember', each, ['position', 'volume']));
    for (const [attribute, { values, read }] of Object.entries(ENUMERATED_OPTIONS))
      this.#warnings.add(wrongValue(attribute, read(player), values));
    for (const attribute of BOOLEAN_ATTRIBUTES)
      this.#warnings.add(setByFalse(attribute, player.getAttribute(attribute)));
  }
}

function noTime(player: EnumeratedOptions): WrongValue {
  const value = player.getAttribute('start-time') ?? String(player.startTime);
  return {
    message: `start-time="${value.slice(0, LONGEST_SHOWN)}" is not a number of seconds, so it is not used.`,
    hint: 'Write it as start-time="90", or start-time="-30" for 30 s before the end or before live.',
  };
}

function htmlValue(player: EnumeratedOptions, attribute: string, ofEmpty: string): string {
  const value = player.getAttribute(attribute)?.toLowerCase() ?? '';
  return value === '' ? ofEmpty : value;
}
