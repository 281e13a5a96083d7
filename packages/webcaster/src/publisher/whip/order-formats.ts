import { codecName, REPAIR_FORMAT } from '../video-codecs.js';

const FORMAT_LINE = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /;

/**
 * The offer for the ingest with the video codecs of these names only, by preference: for browsers without
 * `setCodecPreferences`. Their own description keeps all, so that every answer to this offer fits it.
 */
export function orderFormats(offerSdp: string, names: readonly string[]): string {
  return offerSdp
    .split(/^(?=m=)/m)
    .map((section) => (section.startsWith('m=video ') ? orderSection(section, names) : section))
    .join('');
}

function orderSection(section: string, names: readonly string[]): string {
  const lines = section.split('\n');
  const codecs = codecsOf(lines);
  const [, head = '', list = ''] = /^(m=video \S+ \S+) ([\d ]+)/.exec(lines[0] ?? '') ?? [];
  const listed = list.split(' ').filter((payloadType) => codecs.has(payloadType));
  const placeOf = (payloadType: string): number => names.indexOf(codecs.get(payloadType) ?? '');
  const repaired = repairedBy(lines);
  const wanted = listed.filter((payloadType) => placeOf(payloadType) >= 0);
  // Without any of them, the ingest has the word.
  if (wanted.length === 0) return section;
  wanted.sort((a, b) => placeOf(a) - placeOf(b));
  const known = new Set(wanted);
  const repair = listed.filter((payloadType) => {
    const isRepair = REPAIR_FORMAT.test(`video/${codecs.get(payloadType) ?? ''}`);
    const origin = repaired.get(payloadType);
    return isRepair && (origin === undefined || known.has(origin));
  });
  const kept = new Set([...wanted, ...repair]);
  const lineEnd = lines[0]?.endsWith('\r') ? '\r' : '';
  const others = lines.slice(1).filter((line) => {
    const [, payloadType] = FORMAT_LINE.exec(line) ?? [];
    return payloadType === undefined || kept.has(payloadType);
  });
  return [`${head} ${[...kept].join(' ')}${lineEnd}`, ...others].join('\n');
}

/** Names of the codecs by their payload types. */
function codecsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = lines.map((line) => /^a=rtpmap:(\d+) ([^/\s]+)/.exec(line) ?? []);
  return new Map(found.flatMap(([, type, name]) => (type && name ? [[type, codecName(`/${name}`)]] : [])));
}

/** The payload types that formats for retransmissions repair (RFC 4588). */
function repairedBy(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = lines.map((line) => /^a=fmtp:(\d+) .*\bapt=(\d+)/.exec(line) ?? []);
  return new Map(found.flatMap(([, type, apt]) => (type && apt ? [[type, apt]] : [])));
}
