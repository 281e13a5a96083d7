import { createHiddenPage } from './hidden-page.js';

declare global {
  interface Window {
    createHiddenPage: typeof createHiddenPage;
  }
}

// For browsers that load no modules of CommonJS packages, such as React.
window.createHiddenPage = createHiddenPage;
