import type { MediaLoader } from './media-loader.js';
import { isHttp, readTagLines, uriOf, type TagAttributes } from './read-tag-lines.js';
import { isEncrypted, sniffMedia } from './sniff-media.js';

const MOST_PARTS = 10_000;
const MAX_PART_BYTES = 65_536;

/** Checks partial segments (LL-HLS), and loads the newest part and the one that is announced, with their token. */
export async function checkLowLatency(loader: MediaLoader, text: string, base: string): Promise<void> {
  const parts = readTagLines(text, 'EXT-X-PART', MOST_PARTS);
  if (parts.length === 0) return;
  checkControl(loader, text, base);
  // A part with GAP has no media.
  const newest = parts.findLast((tag) => tag.get('GAP') !== 'YES');
  if (newest === undefined) return;
  const hasNoFormat = isEncrypted(text);
  const [init] = readTagLines(text, 'EXT-X-MAP', 1);
  if (init && !(await load(loader, 'init segment', init, base, hasNoFormat))) return;
  if (!(await load(loader, 'newest part', newest, base, hasNoFormat))) return;
  const hint = readTagLines(text, 'EXT-X-PRELOAD-HINT', 8).find((tag) => tag.get('TYPE') === 'PART');
  // The start of a range is known, but not its end: the newest part says what the origin serves.
  if (hint && !hint.has('BYTERANGE-START')) await load(loader, 'preload hint', hint, base, hasNoFormat);
}

function checkControl(loader: MediaLoader, text: string, base: string): void {
  const findings = loader.at('low latency', base);
  const [info] = readTagLines(text, 'EXT-X-PART-INF', 1);
  const [control] = readTagLines(text, 'EXT-X-SERVER-CONTROL', 1);
  const targetS = Number(info?.get('PART-TARGET'));
  if (!(targetS > 0)) {
    findings.fault(
      'The playlist has parts, and no EXT-X-PART-INF with PART-TARGET.',
      'Write EXT-X-PART-INF. Without it, players ignore the parts.',
    );
    return;
  }
  findings.ok(`has parts of at most ${String(targetS)} s`);
  if (control?.get('CAN-BLOCK-RELOAD') !== 'YES')
    findings.warning(
      'EXT-X-SERVER-CONTROL has no CAN-BLOCK-RELOAD=YES: players ask again and again for the next part.',
      'Let the origin hold requests with _HLS_msn and _HLS_part, and add CAN-BLOCK-RELOAD=YES.',
    );
  const holdBackS = Number(control?.get('PART-HOLD-BACK'));
  if (!(holdBackS >= 2 * targetS))
    findings.fault(
      `PART-HOLD-BACK is ${holdBackS > 0 ? `${String(holdBackS)} s` : 'missing'}: players come too close to the end of the stream, and stall.`,
      `Set it to at least three times PART-TARGET: ${(3 * targetS).toFixed(2)}.`,
    );
}

async function load(
  loader: MediaLoader,
  step: string,
  tag: TagAttributes,
  base: string,
  hasNoFormat: boolean,
): Promise<boolean> {
  const url = uriOf(tag, base);
  if (url === null || !isHttp(url)) return true;
  const [, length, start] = /^(\d{1,12})@(\d{1,12})$/.exec(tag.get('BYTERANGE') ?? '') ?? [];
  const range = length === undefined ? null : { start: Number(start), end: Number(start) + Number(length) };
  const headers = range ? { Range: `bytes=${String(range.start)}-${String(range.end - 1)}` } : {};
  const got = await loader.get(step, url, MAX_PART_BYTES, headers);
  if (!got) return false;
  const fault = sniffMedia(got.visit, range, hasNoFormat);
  if (fault === null) loader.at(step, url).ok('loads');
  else loader.at(step, url).fault(fault.what, fault.change);
  return fault === null;
}
