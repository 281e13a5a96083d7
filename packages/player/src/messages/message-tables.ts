import { MessageTables } from '@gatecast/element';
import type { messagesEn } from './messages-en.js';

/** Every text of the skin, by its key. */
export type PlayerMessages = Readonly<Record<keyof typeof messagesEn, string>>;

/** The texts that the page has set. */
export const playerMessageTables: MessageTables<PlayerMessages> = new MessageTables<PlayerMessages>();

/**
 * Sets all or some texts of a language. A text that is not set is the built-in one, or English.
 *
 * @param language - a language tag as in the attribute `lang`, for example `fr` or `de-AT`.
 */
export function setPlayerMessages(language: string, messages: Partial<PlayerMessages>): void {
  playerMessageTables.set(language, messages);
}
