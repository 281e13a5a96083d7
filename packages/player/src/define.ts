import { SecurePlayer } from './secure-player.js';

// A page's code is imported on servers too, where there is nothing to define.
if ('customElements' in globalThis && !customElements.get('secure-player'))
  customElements.define('secure-player', SecurePlayer);

declare global {
  interface HTMLElementTagNameMap {
    'secure-player': SecurePlayer;
  }
}

export { SecurePlayer };
