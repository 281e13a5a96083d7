import { describeScheme } from '../../backend/schemes/describe-scheme.js';
import type { SchemeRow } from '../../backend/schemes/scheme-row.js';
import { findScheme, schemeTable } from '../../backend/schemes/scheme-table.js';

/** Parameters that a scheme may set. Another preset removes them. */
export const schemeParameters = [
  'src',
  'stream',
  'entries',
  'token-url',
  'token-placement',
  'token-credentials',
];

/** URL parameters of a live stream with a token scheme. */
function presetOfScheme(row: SchemeRow): string {
  const { src, tokenUrl, attributes } = describeScheme(row);
  const parameters = new URLSearchParams({
    // Empty for a token that names the address.
    src: src?.replace('{stream}', 'demo') ?? '',
    stream: 'demo',
    'token-url': tokenUrl,
    ...attributes,
  });
  return parameters.toString();
}

/** A live stream for each token scheme: label and URL parameters. */
export const schemePresets: readonly (readonly [label: string, parameters: string])[] = schemeTable.map(
  (row) => [`Scheme: ${row.label}`, presetOfScheme(row)],
);

/** The same for one scheme, by its name. `undefined` if there is none. */
export function findSchemePreset(name: string): string | undefined {
  const row = findScheme(name);
  return row && presetOfScheme(row);
}
