import { SecureWebcaster } from './secure-webcaster.js';

// Two copies of the kit on one page: the first one keeps the tag.
if (!customElements.get('secure-webcaster')) customElements.define('secure-webcaster', SecureWebcaster);

export { SecureWebcaster };
