import { MessageTables } from '@gatecast/element';
import type { messagesEn } from './messages-en.js';

/** Every text of the skin, by its key. */
export type PlayerMessages = Readonly<Record<keyof typeof messagesEn, string>>;

/** What the page set. */
export const playerMessageTables: MessageTables<PlayerMessages> = new MessageTables<PlayerMessages>();

/**
 * Sets the texts of a language, or some of them; what is missing stays as built in, or English.
 *
 * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
 */
export function setPlayerMessages(language: string, messages: Partial<PlayerMessages>): void {
  playerMessageTables.set(language, messages);
}
