import { findElement } from '../shared/find-element.js';

const policy = findElement('policy', HTMLPreElement);
const violations = findElement('violations', HTMLOutputElement);

let count = 0;
// This script runs before gatecast.js, so that it counts every violation.
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
