import { MessageTables } from '@gatecast/element';
import type { messagesEn } from './messages-en.js';

/** Every text of the controls, by its key. */
export type WebcasterMessages = Readonly<Record<keyof typeof messagesEn, string>>;

/** The texts that the page set. */
export const webcasterMessageTables: MessageTables<WebcasterMessages> =
  new MessageTables<WebcasterMessages>();

/**
 * Sets the texts of a language, or some of them. Missing ones are the built-in ones, or English.
 *
 * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
 */
export function setWebcasterMessages(language: string, messages: Partial<WebcasterMessages>): void {
  webcasterMessageTables.set(language, messages);
}
