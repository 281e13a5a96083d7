import 'axe-core';
import type * as axeCore from 'axe-core';

declare global {
  interface Window {
    /** Set by the axe-core module, which is a classic script. */
    axe: typeof axeCore;
  }
}

/**
 * The accessibility rules that an element violates, with the first violating node of each.
 *
 * @param moreRules - rules that axe does not apply by itself.
 */
export async function accessibilityViolations(
  element: Element,
  moreRules: readonly string[] = [],
): Promise<string[]> {
  const rules = Object.fromEntries(moreRules.map((rule) => [rule, { enabled: true }]));
  const { violations } = await window.axe.run(element, { rules });
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
