import type { EmbedSource } from './embed-messages.js';

/** What the address of an embed page names: its fields `src`, `whep` and `stream`. `null` without an address of a stream. */
export function readEmbedSource(fields: URLSearchParams): EmbedSource | null {
  const { src, whep, stream }: Partial<Record<string, string>> = Object.fromEntries(fields);
  return src === undefined && !whep ? null : { src, whep, stream };
}
