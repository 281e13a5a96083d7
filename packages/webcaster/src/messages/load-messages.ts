import { messageOverrides, type WebcasterMessages } from './message-tables.js';
import { messagesEn } from './messages-en.js';

/** Languages that come with the kit: one line each. */
const BUILT_IN: Readonly<Record<string, () => Promise<WebcasterMessages>>> = {
  de: () => import('./messages-de.js').then((module) => module.messagesDe),
};

/** The language that an element's text is in. */
export function languageOf(element: Element): string {
  return element.closest<HTMLElement>('[lang]')?.lang ?? navigator.language;
}

/** The texts for a language tag; English where there is nothing better. */
export async function loadMessages(language: string): Promise<WebcasterMessages> {
  const load = BUILT_IN[language.toLowerCase().split('-')[0] ?? ''];
  // A language file that cannot be loaded is no reason to have no controls.
  const table = await load?.().catch(() => undefined);
  return { ...messagesEn, ...table, ...messageOverrides(language) };
}

/** Puts values in place of `{name}`. */
export function fill(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
