import { firstPicture } from '../shared/first-picture.js';
import { removeLoadNotice } from '../shared/load-notice.js';

void removeLoadNotice();
// Load the code of the time axis after the first picture, which does not need it.
await firstPicture(document.querySelector('secure-player'));
await import('./landing-page.js');
