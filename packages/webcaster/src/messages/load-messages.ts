import { baseLanguage } from '@gatecast/element';
import { webcasterMessageTables, type WebcasterMessages } from './message-tables.js';
import { messagesEn } from './messages-en.js';

/** Built-in languages, one line each. */
const BUILT_IN: ReadonlyMap<string, () => Promise<WebcasterMessages>> = new Map([
  ['de', () => import('./messages-de.js').then((module) => module.messagesDe)],
]);

/** The texts for a language tag; English where it has none. */
export async function loadMessages(language: string): Promise<WebcasterMessages> {
  // If a language cannot be loaded, the controls show English.
  const table = await BUILT_IN.get(baseLanguage(language))?.().catch(() => undefined);
  return { ...messagesEn, ...table, ...webcasterMessageTables.get(language) };
}
