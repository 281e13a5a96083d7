import { findElement } from '../shared/find-element.js';

const policy = findElement('policy', HTMLPreElement);
const violations = findElement('violations', HTMLOutputElement);

let count = 0;
// This script runs before gatecast.js does, so that nothing that is refused goes unseen.
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  count += 1;
  violations.textContent = String(count);
  policy.append(`\n✗ ${effectiveDirective} refused ${blockedURI} ${sample}`);
});

async function showPolicy(): Promise<void> {
  const { headers } = await fetch(location.href, { method: 'HEAD' });
  policy.prepend(headers.get('Content-Security-Policy')?.replaceAll('; ', ';\n') ?? 'No policy was sent.');
}

void showPolicy();
