import type { PropertyDeclaration } from '@lit/reactive-element';
import { engineLoadProperties } from '../engine/registry.js';

/** Properties that say what is played and how; a change of any of them is a new load. */
export const LOAD_PROPERTIES: readonly PropertyKey[] = [
  'src',
  'source',
  'stream',
  'engine',
  'tokenPlacement',
  'tokenOrigins',
  ...engineLoadProperties,
];
/** Properties that say where tokens come from; a change leaves playback alone. */
export const TOKEN_PROPERTIES: readonly PropertyKey[] = [
  'tokenUrl',
  'tokenCredentials',
  'tokenSource',
  'refreshLead',
];

/** An attribute that falls back to its default when it is taken away. */
export function text(attribute: string, fallback = ''): PropertyDeclaration {
  return { attribute, converter: (value) => value ?? fallback };
}
