import { OFFER } from './offer-requests.js';
import type { Visit } from './visit.js';

export function namesOffers({ headers }: Visit): boolean {
  return (headers.get('Accept-Post') ?? '')
    .toLowerCase()
    .split(/[,;\s]+/)
    .includes(OFFER);
}

export function isRefusal({ status }: Visit): boolean {
  return status === 401 || status === 403;
}

export function isMissing({ status }: Visit): boolean {
  return status === 404 || status === 410;
}

export function isBusy({ status }: Visit): boolean {
  return status === 429 || status === 503;
}

/** Has the server looked at the offer? It has then accepted the token, or wants none. Some fail with 500 for an empty one. */
export function isAnswerToOffer({ status }: Visit): boolean {
  return (status >= 200 && status < 300) || [400, 406, 409, 413, 415, 422, 500].includes(status);
}
