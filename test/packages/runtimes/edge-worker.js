import { createApp } from './app.js';

const app = createApp(JSON.parse(SETTINGS));
addEventListener('fetch', (event) => {
  event.respondWith(app.then((answer) => answer(event.request)));
});
