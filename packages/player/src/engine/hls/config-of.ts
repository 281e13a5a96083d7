import { GatecastError } from '@gatecast/token';
import type { HlsOptions } from './hls-options.js';

interface Page {
  readonly options: Pick<HlsOptions, 'hlsConfig' | 'cmcd'>;
  readonly source: { readonly entries: readonly { readonly stream: string }[] };
}

/** How hls.js sends CMCD (CTA-5004), by the value of the attribute `cmcd`. */
const CMCD: Readonly<Record<string, { readonly useHeaders: boolean; readonly version: 1 | 2 }>> = {
  '': { useHeaders: false, version: 1 },
  query: { useHeaders: false, version: 1 },
  headers: { useHeaders: true, version: 1 },
  'query-v2': { useHeaders: false, version: 2 },
  'headers-v2': { useHeaders: true, version: 2 },
};

/**
 * The options of hls.js of a page: `hlsConfig`, with CMCD as the attribute `cmcd` says.
 *
 * @throws GatecastError `option-invalid` for another value of the attribute.
 */
export function configOf({ options, source }: Page): Readonly<Record<string, unknown>> {
  const { hlsConfig, cmcd } = options;
  if (cmcd === null) return hlsConfig;
  const form = Object.hasOwn(CMCD, cmcd) ? CMCD[cmcd] : undefined;
  if (!form)
    throw new GatecastError('option-invalid', `cmcd="${cmcd}" is not a way to send CMCD.`, {
      hint: 'Set cmcd to query, headers, query-v2 or headers-v2.',
    });
  const contentId = source.entries[0]?.stream;
  return { ...hlsConfig, cmcd: { contentId, ...form, ...(hlsConfig['cmcd'] as object | undefined) } };
}
