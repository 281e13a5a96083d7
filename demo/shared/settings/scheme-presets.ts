import { describeScheme } from '../../backend/schemes/describe-scheme.js';
import { schemeTable } from '../../backend/schemes/scheme-table.js';

/** Parameters that a scheme may set. Another preset removes them. */
export const schemeParameters = [
  'src',
  'stream',
  'entries',
  'token-url',
  'token-placement',
  'token-credentials',
];

/** A live stream for each token scheme: label and URL parameters. */
export const schemePresets: readonly (readonly [label: string, parameters: string])[] = schemeTable.map(
  (row) => {
    const { label, src, tokenUrl, attributes } = describeScheme(row);
    const parameters = new URLSearchParams({
      // Empty for a token that names the address.
      src: src?.replace('{stream}', 'demo') ?? '',
      stream: 'demo',
      'token-url': tokenUrl,
      ...attributes,
    });
    return [`Scheme: ${label}`, parameters.toString()];
  },
);
