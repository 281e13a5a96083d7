import { baseLanguage } from '@gatecast/element';
import { lazyPart, type LazyPart, type PartRequest } from '@gatecast/token';
import { webcasterMessageTables, type WebcasterMessages } from './message-tables.js';
import { messagesEn } from './messages-en.js';

const FAILURE = { code: 'publisher-load-failed' } as const;

/** Built-in languages besides English, one line each. Only the language of a page is loaded. */
export const BUILT_IN_LANGUAGES: ReadonlyMap<string, LazyPart<WebcasterMessages>> = new Map([
  ['ar', lazyPart('messagesAr', async () => (await import('./messages-ar.js')).messagesAr, FAILURE)],
  ['de', lazyPart('messagesDe', async () => (await import('./messages-de.js')).messagesDe, FAILURE)],
  ['es', lazyPart('messagesEs', async () => (await import('./messages-es.js')).messagesEs, FAILURE)],
  ['fr', lazyPart('messagesFr', async () => (await import('./messages-fr.js')).messagesFr, FAILURE)],
  ['ja', lazyPart('messagesJa', async () => (await import('./messages-ja.js')).messagesJa, FAILURE)],
]);

/** The texts for a language tag without the built-in languages: English, and what the page has set. */
export function messagesWithoutLoading(language: string): WebcasterMessages {
  return { ...messagesEn, ...webcasterMessageTables.get(language) };
}

/** Loads the texts for a language tag; English where it has none. @throws the signal's reason */
export async function loadMessages(language: string, request: PartRequest = {}): Promise<WebcasterMessages> {
  const builtIn = await BUILT_IN_LANGUAGES.get(baseLanguage(language))?.(request);
  return { ...messagesEn, ...builtIn, ...webcasterMessageTables.get(language) };
}
