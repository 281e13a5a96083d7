/** The action of a key. */
export type KeyAction =
  | { readonly kind: 'toggle-play' | 'toggle-mute' | 'toggle-fullscreen' | 'toggle-captions' }
  | { readonly kind: 'seek-by'; readonly seconds: number }
  /** `share` of the way from the beginning to the end, 0 to 0.9. */
  | { readonly kind: 'seek-to'; readonly share: number }
  | { readonly kind: 'volume-by'; readonly step: number }
  | { readonly kind: 'rate-by'; readonly step: number };

export type PressedKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Where the focus is: a button uses Space itself, the volume bar uses all arrow keys. */
export type KeyPlace = 'button' | 'volume' | 'elsewhere';

const ARROW_S = 5;
const LETTER_S = 10;
const VOLUME_STEP = 0.05;
const RATE_STEP = 0.25;

const ACTIONS: Readonly<Record<string, KeyAction>> = {
  ' ': { kind: 'toggle-play' },
  k: { kind: 'toggle-play' },
  m: { kind: 'toggle-mute' },
  f: { kind: 'toggle-fullscreen' },
  c: { kind: 'toggle-captions' },
  j: { kind: 'seek-by', seconds: -LETTER_S },
  l: { kind: 'seek-by', seconds: LETTER_S },
  // Not mirrored in right-to-left languages, where the seek bar also runs from left to right.
  ArrowLeft: { kind: 'seek-by', seconds: -ARROW_S },
  ArrowRight: { kind: 'seek-by', seconds: ARROW_S },
  ArrowUp: { kind: 'volume-by', step: VOLUME_STEP },
  ArrowDown: { kind: 'volume-by', step: -VOLUME_STEP },
  '<': { kind: 'rate-by', step: -RATE_STEP },
  '>': { kind: 'rate-by', step: RATE_STEP },
};

const VOLUME_ARROWS: ReadonlyMap<string, number> = new Map([
  ['ArrowLeft', -VOLUME_STEP],
  ['ArrowRight', VOLUME_STEP],
]);

/** The action of a pressed key, as on common video sites; `null` for a key that the player does not use. */
export function keyAction({ key, ctrlKey, altKey, metaKey }: PressedKey, place: KeyPlace): KeyAction | null {
  if (ctrlKey || altKey || metaKey) return null;
  if (place === 'button' && key === ' ') return null;
  const step = place === 'volume' ? VOLUME_ARROWS.get(key) : undefined;
  if (step !== undefined) return { kind: 'volume-by', step };
  if (/^\d$/.test(key)) return { kind: 'seek-to', share: Number(key) / 10 };
  const name = key.length === 1 ? key.toLowerCase() : key;
  return Object.hasOwn(ACTIONS, name) ? (ACTIONS[name] ?? null) : null;
}
