import { firstPicture } from '../shared/first-picture.js';

// The code of the time axis is loaded after the first picture.
await firstPicture(document.querySelector('secure-player'));
await import('./landing-page.js');
