import { optionsOfOffers } from './check-offers.js';
import { OfferRequests, OFFER } from './offer-requests.js';
import { protocolOfAddress, protocolOfResponse } from './offer-protocol.js';
import type { StreamTarget } from './stream-target.js';
import type { DoctorNetwork } from './visit.js';

/** With these, ingests respond to an empty offer without a token, and servers of pages hardly ever. */
const OF_INGESTS = [400, 401, 406, 409, 415];
/** With these, servers of pages refuse a form, too. */
const OF_BOTH = [403, 422];

/**
 * Does an address take offers, although it responds to GET with a page? Shown by the response to OPTIONS, or by that to an empty
 * offer without a token. A session that this starts is ended.
 */
export async function showsIngest(network: DoctorNetwork, target: StreamTarget): Promise<boolean> {
  if (await optionsOfOffers(network, target.src)) return true;
  const response = await new OfferRequests(network, target, null, []).offer(null, null);
  if (response === null) return false;
  const type = response.headers.get('Content-Type') ?? '';
  const saysWhip = [protocolOfResponse(response), protocolOfAddress(target.src)].some(
    (protocol) => protocol?.name === 'WHIP',
  );
  return (
    type.toLowerCase().startsWith(OFFER) ||
    OF_INGESTS.includes(response.status) ||
    (saysWhip && OF_BOTH.includes(response.status))
  );
}
