import type { StreamTarget } from './stream-target.js';

/** How findings speak of an endpoint that takes SDP offers. */
export interface OfferWords {
  readonly protocol: 'WHIP' | 'WHEP';
  /** Step of the chain. */
  readonly step: 'ingest' | 'WHEP endpoint';
  /** What responds, and what knows the streams. */
  readonly server: 'ingest' | 'endpoint';
  readonly element: 'webcaster' | 'player';
  /** What sessions are for. */
  readonly sessions: 'broadcasts' | 'viewers';
  /** What an endpoint of the other protocol does, as a part of a sentence. */
  readonly otherUse: readonly [isSure: string, unsure: string];
  /** Attribute that has the address. */
  readonly address: string;
  /** Where the protocol demands Location. */
  readonly rule: string;
}

const INGEST: OfferWords = {
  protocol: 'WHIP',
  step: 'ingest',
  server: 'ingest',
  element: 'webcaster',
  sessions: 'broadcasts',
  otherUse: ['it plays a stream, and takes no broadcast', 'those play a stream, and take no broadcast'],
  address: 'endpoint',
  rule: 'RFC 9725, section 4.2',
};

const PLAYBACK: OfferWords = {
  protocol: 'WHEP',
  step: 'WHEP endpoint',
  server: 'endpoint',
  element: 'player',
  sessions: 'viewers',
  otherUse: ['it takes a broadcast, and plays no stream', 'those take a broadcast, and play no stream'],
  address: 'data-whep (or src with engine="whep")',
  rule: 'draft-ietf-wish-whep, section 4.2',
};

export function wordsOf({ purpose }: StreamTarget): OfferWords {
  return purpose === 'ingest' ? INGEST : PLAYBACK;
}
