import { textOf, type Visit } from './visit.js';

/** What takes SDP offers at an address: WHIP takes broadcasts, WHEP plays streams. Both look the same otherwise. */
export interface OfferProtocol {
  readonly name: 'WHIP' | 'WHEP';
  /** What shows it, as the subject of a sentence with "says". */
  readonly sign: string;
  /** Is it certain? A name in an address may mean something else. */
  readonly isSure: boolean;
}

/** Longer headers and texts are not read. */
const LONGEST = 16_384;
/** Words for the two in addresses of servers: Cloudflare Stream and Monibuca write `webrtc/publish`, `push` and `play`. */
const words = { whip: 'WHIP', publish: 'WHIP', push: 'WHIP', whep: 'WHEP', play: 'WHEP' } as const;

/** What the address says: a part of its path or host name, or `direction` of OvenMediaEngine. */
export function protocolOfAddress(address: string): OfferProtocol | null {
  const { pathname, hostname, searchParams } = new URL(address);
  const path = pathname.toLowerCase().split('/');
  const own = [...path, ...hostname.split('.'), (searchParams.get('direction') ?? '').toLowerCase()];
  const after = path[path.indexOf('webrtc') + 1] ?? '';
  const found = [
    ...own.filter((part) => part === 'whip' || part === 'whep'),
    ...(path.includes('webrtc') && Object.hasOwn(words, after) ? [after as keyof typeof words] : []),
  ];
  return oneOf(
    found.map((word) => words[word]),
    'the address',
    false,
  );
}

/**
 * What a response says: the extensions of `Link`, the SDP of a session that has started, or the words of a refusal.
 *
 * @see RFC 9725 section 4.2 (an ingest is `recvonly`), draft-ietf-wish-whep section 4.2 (`sendonly`)
 */
export function protocolOfResponse(answer: Visit): OfferProtocol | null {
  const link = (answer.headers.get('Link') ?? '').slice(0, LONGEST).toLowerCase();
  return (
    oneOf(
      (['WHIP', 'WHEP'] as const).filter((name) =>
        link.includes(`urn:ietf:params:${name.toLowerCase()}:ext`),
      ),
      'Link',
      true,
    ) ?? protocolOfBody(answer)
  );
}

function protocolOfBody(answer: Visit): OfferProtocol | null {
  const text = textOf(answer).slice(0, LONGEST);
  if (/^application\/sdp\b/i.test(answer.headers.get('Content-Type') ?? ''))
    return oneOf(
      [
        ...(/^a=recvonly\r?$/m.test(text) ? (['WHIP'] as const) : []),
        ...(/^a=sendonly\r?$/m.test(text) ? (['WHEP'] as const) : []),
      ],
      'the SDP of the response',
      true,
    );
  if (answer.status < 400) return null;
  return oneOf(
    (['WHIP', 'WHEP'] as const).filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(text)),
    'the refusal',
    false,
  );
}

/** What all signs say; `null` if there is none, or if they contradict each other. */
function oneOf(found: readonly OfferProtocol['name'][], sign: string, isSure: boolean): OfferProtocol | null {
  const [name] = found;
  return name !== undefined && found.every((each) => each === name) ? { name, sign, isSure } : null;
}
