import { baseLanguage } from '@gatecast/element';
import { lazyPart, type LazyPart, type PartRequest } from '@gatecast/token';
import { webcasterMessageTables, type WebcasterMessages } from './message-tables.js';
import { messagesEn } from './messages-en.js';

/** Built-in languages, one line each. */
const BUILT_IN: ReadonlyMap<string, LazyPart<WebcasterMessages>> = new Map([
  [
    'de',
    lazyPart('messagesDe', async () => (await import('./messages-de.js')).messagesDe, {
      code: 'publisher-load-failed',
    }),
  ],
]);

/** The texts for a language tag without the built-in languages: English, and what the page has set. */
export function messagesWithoutLoading(language: string): WebcasterMessages {
  return { ...messagesEn, ...webcasterMessageTables.get(language) };
}

/** Loads the texts for a language tag; English where it has none. @throws the signal's reason */
export async function loadMessages(language: string, request: PartRequest = {}): Promise<WebcasterMessages> {
  const builtIn = await BUILT_IN.get(baseLanguage(language))?.(request);
  return { ...messagesEn, ...builtIn, ...webcasterMessageTables.get(language) };
}
