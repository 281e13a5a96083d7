import type { GatecastError } from '@gatecast/token';
import { css, type CSSResult } from '@lit/reactive-element';

/** What stands in the element when playback has ended: what failed, what to do, and a way out. */
export function createErrorPanel(error: GatecastError, retryText: string, retry: () => void): HTMLElement {
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
  button.textContent = retryText;
  button.addEventListener('click', retry);
  panel.append(message, hint, button);
  return panel;
}

export const errorPanelStyles: CSSResult = css`
  [part='error'] {
    position: absolute;
    inset: 0;
    z-index: 2;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    padding: 1em;
    overflow: auto;
    font:
      1rem/1.4 system-ui,
      sans-serif;
    text-align: center;
    color: #fff;
    background: rgb(12 14 20 / 0.88);
  }
  [part='error'] p {
    position: static;
    margin: 0;
    font-weight: 600;
    max-width: 44em;
  }
  [part='error'] .hint {
    font-weight: 400;
    font-size: 0.875em;
    color: #c8ccd6;
  }
  [part='retry'] {
    margin-top: 0.5em;
    padding: 0.55em 1.2em;
    border: 0;
    border-radius: 999px;
    font: inherit;
    font-weight: 600;
    color: #0c0e14;
    background: #fff;
    cursor: pointer;
  }
  [part='retry']:hover {
    background: #dfe3ee;
  }
  [part='retry']:focus-visible {
    outline: 3px solid #6ea8ff;
    outline-offset: 3px;
  }
`;
