import { Authorizer, customSource, entryOf, parsePlacement, TokenManager } from '@gatecast/token';
import type { IssuedToken } from '@gatecast/server';
import { FakeClock } from '../../support/fake-clock.js';

/** The requests that a page makes with an issued token: placed by the client, and as the client hides it. */
export async function placeIssued(
  issued: IssuedToken,
  stream: string,
  src: string,
  placement = 'query:token',
) {
  const time = new FakeClock(issued.expiresAt === null ? 0 : issued.expiresAt * 1000 - 60_000);
  const source = customSource(() => Promise.resolve({ tokens: [{ stream, ...item(issued) }] }), {
    clock: time.clock,
  });
  const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock, random: () => 0.5 });
  tokens.lease({ streams: [stream] });
  const got = tokens.get(stream);
  await time.advance(20);
  const { value } = await got;
  const entry = entryOf(value, stream);
  const authorizer = new Authorizer({
    tokens,
    placement: parsePlacement(placement),
    origins: [src, ...(entry === null ? [] : [entry])],
  });
  return {
    entry,
    place: (url: string) => authorizer.authorizeNow(url, stream)?.url ?? '',
    hidden: (url: string) => authorizer.withoutTokens(url),
  };
}

function item({ expiresAt, tokenId: _, setCookies: __, further: ___, ...part }: IssuedToken) {
  return { ...part, ...(expiresAt !== null && { expiresAt }) };
}
