import { baseLanguage } from '@gatecast/element';
import { webcasterMessageTables, type WebcasterMessages } from './message-tables.js';
import { messagesEn } from './messages-en.js';

/** Languages that come with the kit: one line each. */
const BUILT_IN: Readonly<Record<string, () => Promise<WebcasterMessages>>> = {
  de: () => import('./messages-de.js').then((module) => module.messagesDe),
};

/** The texts for a language tag; English where there is nothing better. */
export async function loadMessages(language: string): Promise<WebcasterMessages> {
  // A language file that cannot be loaded is no reason to have no controls.
  const table = await BUILT_IN[baseLanguage(language)]?.().catch(() => undefined);
  return { ...messagesEn, ...table, ...webcasterMessageTables.get(language) };
}
