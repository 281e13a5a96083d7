import type { GatecastError } from '@gatecast/token';

/** What stands in the element when playback has ended: what failed, what to do, and a way out. */
export function createErrorPanel(error: GatecastError, retry: () => void): HTMLElement {
  const panel = document.createElement('div');
  panel.setAttribute('part', 'error');
  panel.setAttribute('role', 'alert');
  const message = document.createElement('p');
  message.textContent = error.message;
  const hint = document.createElement('p');
  hint.className = 'hint';
  hint.textContent = error.hint;
  const button = document.createElement('button');
  button.setAttribute('part', 'retry');
  button.type = 'button';
  button.textContent = 'Try again';
  button.addEventListener('click', retry);
  panel.append(message, hint, button);
  return panel;
}
