import { html, render } from 'lit';
import type { ForeignOrigin } from './foreign-origins.js';

/**
 * Asks the person whether the page may use other origins. Escape and the first button, which gets the focus, mean no. The
 * answer is not stored.
 */
export function askAboutOrigins(origins: readonly ForeignOrigin[]): Promise<boolean> {
  const dialog = document.createElement('dialog');
  dialog.className = 'card origin-question';
  dialog.setAttribute('aria-labelledby', 'origin-question-title');
  render(
    html`<form method="dialog">
      <h2 id="origin-question-title">This link uses other servers</h2>
      <p>They will receive this page’s tokens. Continue only if you trust the sender of the link.</p>
      <ul>
        ${origins.map(
          ({ origin, parameters, runsScript }) =>
            html`<li>
              <code>${origin}</code>
              (${parameters.join(', ')})${runsScript ? html` <strong>runs a script in this page</strong>` : ''}
            </li>`,
        )}
      </ul>
      <div class="actions">
        <button class="button" value="no">Block these servers</button>
        <button class="button" value="yes">Allow these servers</button>
      </div>
    </form>`,
    dialog,
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener(
      'close',
      () => {
        dialog.remove();
        resolve(dialog.returnValue === 'yes');
      },
      { once: true },
    );
    dialog.showModal();
  });
}
