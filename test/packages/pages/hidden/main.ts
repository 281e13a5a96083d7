import { createHiddenPage, type HiddenPage } from './hidden-page.js';

declare global {
  interface Window {
    hiddenPage: HiddenPage;
  }
}

window.hiddenPage = createHiddenPage(document.querySelector('#root') ?? document.body);
window.hiddenPage.render('visible');
