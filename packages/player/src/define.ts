import { SecurePlayer } from './secure-player.js';

if (!customElements.get('secure-player')) customElements.define('secure-player', SecurePlayer);

declare global {
  interface HTMLElementTagNameMap {
    'secure-player': SecurePlayer;
  }
}

export { SecurePlayer };
