import type { PlayerMessages } from '../messages/message-tables.js';

/** Creates the panel that covers the player until the stream starts; the page may replace its text by the slot `waiting`. */
export function createWaitingPanel(messages: PlayerMessages): HTMLElement {
  const panel = document.createElement('div');
  panel.setAttribute('part', 'waiting');
  panel.setAttribute('role', 'status');
  const slot = document.createElement('slot');
  slot.name = 'waiting';
  slot.textContent = messages.streamAwaited;
  panel.append(slot);
  return panel;
}
