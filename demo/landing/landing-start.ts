import { firstPicture } from '../shared/first-picture.js';

// The picture first: what draws the timeline below it is not even loaded before.
await firstPicture(document.querySelector('secure-player'));
await import('./landing-page.js');
