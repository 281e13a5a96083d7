import { looksLikeMilliseconds } from '@gatecast/contract';
import { Problem } from '../../http/problem.js';

const YEAR_SECONDS = 365 * 86_400;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/**
 * Checks `expires` of an STS request: whole seconds, in the future, at most 365 days from now.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkExpires(expires: number, nowMs: number): number {
  const nowSeconds = nowMs / 1000;
  if (looksLikeMilliseconds(expires)) throw invalid('"expires" looks like milliseconds. Divide it by 1000.');
  if (!Number.isInteger(expires)) throw invalid('"expires" is not a whole number of seconds since 1970.');
  if (expires <= nowSeconds)
    throw invalid('"expires" is in the past. Set a time in the future, in seconds since 1970.');
  if (expires > Math.ceil(nowSeconds) + YEAR_SECONDS) {
    throw invalid('"expires" is more than 365 days in the future. Set ttlSeconds to at most 31,536,000.');
  }
  return expires;
}

/**
 * Checks `referer` of an STS request: a domain name.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkReferer(referer: string): string {
  if (referer.includes('://'))
    throw invalid('"referer" has a scheme. Set the domain name only, such as www.example.com.');
  if (/[/?#]/.test(referer))
    throw invalid('"referer" has a path. Set the domain name only, such as www.example.com.');
  if (referer.includes(':')) throw invalid('"referer" has a port. Set the domain name only.');
  if (referer.includes('*'))
    throw invalid('"referer" has a wildcard. Set one domain name; each subdomain needs its own token.');
  const name = referer.endsWith('.') ? referer.slice(0, -1) : referer;
  if (name.length === 0 || name.length > 253) throw invalid('"referer" is not 1 to 253 characters long.');
  const labels = name.split('.');
  const tld = labels.at(-1) ?? '';
  if (labels.length < 2)
    throw invalid('"referer" has no top-level domain. Set a domain name such as example.com.');
  if (/^\d+$/.test(tld)) throw invalid('"referer" ends in digits. Set a domain name, not an IP address.');
  if (!labels.every((label) => LABEL.test(label))) {
    throw invalid(
      '"referer" has an invalid label. A label has 1 to 63 letters, digits or hyphens, and no hyphen at its start or end.',
    );
  }
  return referer;
}

/** @throws Problem `issuer-parameter-invalid` */
export function checkIp(ip: string): string {
  if (IPV4.test(ip)) return ip;
  if (ip.includes(':') && /^[\da-f:.]+$/i.test(ip) && URL.canParse(`http://[${ip}]/`)) return ip;
  throw invalid('"ip" is neither an IPv4 nor an IPv6 address.');
}

/**
 * Checks a name or tag: 1 to 256 characters, without control characters.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkText(text: string, name: string): string {
  if (text.length === 0 || text.length > 256 || /\p{Cc}/u.test(text)) {
    throw invalid(`"${name}" must have 1 to 256 characters and no control characters.`);
  }
  return text;
}

/** Begin and end of a token in NumericDate seconds. What is `undefined` is left to the vendor. */
interface ValidityPeriod {
  readonly nbf?: number | undefined;
  readonly exp: number | undefined;
}

/**
 * Checks the validity period of a token in NumericDate seconds: `nbf` before `exp`, `exp` in the future.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkValidityPeriod({ nbf, exp }: ValidityPeriod, nowMs: number): void {
  for (const [name, value] of [['nbf', nbf] as const, ['exp', exp] as const]) {
    if (value === undefined) continue;
    if (looksLikeMilliseconds(value)) throw invalid(`"${name}" looks like milliseconds. Divide it by 1000.`);
    if (!Number.isInteger(value) || value < 0)
      throw invalid(`"${name}" is not a whole number of seconds since 1970.`);
  }
  if (exp === undefined) return;
  if (exp * 1000 <= nowMs)
    throw invalid('"exp" is in the past. Set a time in the future, in seconds since 1970.');
  if (nbf !== undefined && nbf >= exp) throw invalid('"nbf" is not before "exp".');
}

export function invalid(message: string): Problem {
  return new Problem('issuer-parameter-invalid', message);
}
