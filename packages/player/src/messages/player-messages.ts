import { baseLanguage } from '@gatecast/element';
import { playerMessageTables, type PlayerMessages } from './message-tables.js';
import { messagesDe } from './messages-de.js';
import { messagesEn } from './messages-en.js';

/** Built-in languages besides English. */
const BUILT_IN: ReadonlyMap<string, PlayerMessages> = new Map([['de', messagesDe]]);

/** The texts for a language tag, in English where there are none in that language. */
export function playerMessages(language: string): PlayerMessages {
  return { ...messagesEn, ...BUILT_IN.get(baseLanguage(language)), ...playerMessageTables.get(language) };
}
