import type { messagesEn } from './messages-en.js';

/** Every text of the controls, by its key. */
export type WebcasterMessages = Readonly<Record<keyof typeof messagesEn, string>>;

const overrides = new Map<string, Partial<WebcasterMessages>>();
const listeners = new Set<() => void>();

/**
 * Sets the texts of a language, or some of them; what is missing stays as built in, or English.
 *
 * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
 */
export function setWebcasterMessages(language: string, messages: Partial<WebcasterMessages>): void {
  overrides.set(language.toLowerCase(), messages);
  for (const listener of [...listeners]) listener();
}

/** What the page set for a language tag, its general form included. */
export function messageOverrides(language: string): Partial<WebcasterMessages> {
  const tag = language.toLowerCase();
  return { ...overrides.get(tag.split('-')[0] ?? ''), ...overrides.get(tag) };
}

/** Calls back when the page sets texts. */
export function onMessagesChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
