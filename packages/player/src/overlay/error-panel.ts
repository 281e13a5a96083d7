import { errorText } from '@gatecast/element';
import type { GatecastError } from '@gatecast/token';
import { css, type CSSResult } from '@lit/reactive-element';
import type { PlayerMessages } from '../messages/message-tables.js';

/** Creates the panel that covers the player after an error: what the viewer can do, and the details for the operator. */
export function createErrorPanel(
  error: GatecastError,
  messages: PlayerMessages,
  retry: () => void,
): HTMLElement {
  const panel = document.createElement('div');
  panel.setAttribute('part', 'error');
  panel.setAttribute('role', 'alert');
  const text = document.createElement('p');
  text.textContent = errorText(error, messages);
  const button = document.createElement('button');
  button.setAttribute('part', 'retry');
  button.type = 'button';
  button.textContent = messages.tryAgain;
  button.addEventListener('click', retry);
  // A panel of the page replaces what is in the slot.
  const slot = document.createElement('slot');
  slot.name = 'error';
  slot.append(text, button, createDetails(error, messages.details));
  panel.append(slot);
  return panel;
}

/** The code, message and hint of the error, in English as in the docs. */
function createDetails({ code, message, hint }: GatecastError, title: string): HTMLElement {
  const details = document.createElement('details');
  details.setAttribute('part', 'error-details');
  const summary = document.createElement('summary');
  summary.textContent = title;
  details.append(summary);
  for (const line of [code, message, hint]) {
    const paragraph = document.createElement('p');
    paragraph.lang = 'en';
    paragraph.dir = 'ltr';
    paragraph.textContent = line;
    details.append(paragraph);
  }
  return details;
}

export const errorPanelStyles: CSSResult = css`
  [part='error'],
  [part='waiting'] {
    position: absolute;
    inset: 0;
    z-index: 2;
    display: flex;
    flex-direction: column;
    align-items: center;
    /* Safe: the first lines must not be above what can be scrolled to. */
    justify-content: safe center;
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
  [part='error-details'] {
    max-width: 44em;
    font-size: 0.875em;
    color: #c8ccd6;
  }
  [part='error-details'] p {
    margin-top: 0.35em;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  summary {
    padding: 0.35em;
    cursor: pointer;
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
  :is([part='retry'], summary):focus-visible {
    outline: 3px solid #6ea8ff;
    outline-offset: 3px;
  }
  /* In one row. What does not fit lies over the page. */
  :host([theme='audio']) {
    overflow: visible;
  }
  :host([theme='audio']) :is([part='error'], [part='waiting']) {
    box-sizing: border-box;
    bottom: auto;
    min-height: 100%;
    flex-flow: row wrap;
    gap: 0 0.75em;
    padding: 0.25em 0.75em;
    border-radius: inherit;
    font-size: 0.875rem;
    text-align: start;
    background: #0c0e14;
  }
  :host([theme='audio']) [part='error'] p {
    flex: 1 1 12em;
  }
  :host([theme='audio']) [part='retry'] {
    margin: 0;
    padding: 0.4em 0.9em;
  }
  :host([theme='audio']) [part='error-details'][open] {
    flex-basis: 100%;
  }
`;
