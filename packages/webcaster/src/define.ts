import { SecureWebcaster } from './secure-webcaster.js';

// Two copies of the kit on one page: the first one keeps the tag. A server has none to give.
if ('customElements' in globalThis && !customElements.get('secure-webcaster'))
  customElements.define('secure-webcaster', SecureWebcaster);

export { SecureWebcaster };
