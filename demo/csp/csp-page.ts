import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';

const policy = findElement('policy', HTMLPreElement);
const violations = findElement('violations', HTMLOutputElement);

let count = 0;
// This script must run before gatecast.js to count all violations.
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  count += 1;
  violations.textContent = String(count);
  policy.append(`\n✗ ${effectiveDirective} blocked ${blockedURI} ${sample}`);
});

async function showPolicy(): Promise<void> {
  const { headers } = await fetch(location.href, { method: 'HEAD' });
  policy.prepend(
    headers.get('Content-Security-Policy')?.replaceAll('; ', ';\n') ??
      'The response has no Content-Security-Policy.',
  );
}

void showPolicy();
void removeLoadNotice();
