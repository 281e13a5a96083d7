import { lazyPart, type LazyPart } from '@gatecast/token';
import type { PlayerMessages } from './message-tables.js';

/** Built-in languages besides English. Each is a chunk of its own, which is loaded for an element in that language. */
export const BUILT_IN_LANGUAGES: ReadonlyMap<string, LazyPart<PlayerMessages>> = new Map([
  ['ar', lazyPart('messagesAr', async () => (await import('./messages-ar.js')).messagesAr)],
  ['de', lazyPart('messagesDe', async () => (await import('./messages-de.js')).messagesDe)],
  ['es', lazyPart('messagesEs', async () => (await import('./messages-es.js')).messagesEs)],
  ['fr', lazyPart('messagesFr', async () => (await import('./messages-fr.js')).messagesFr)],
  ['ja', lazyPart('messagesJa', async () => (await import('./messages-ja.js')).messagesJa)],
]);
