import { looksLikeMilliseconds } from '@gatecast/contract';
import { Problem } from '../../http/problem.js';

const YEAR_SECONDS = 365 * 86_400;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/**
 * An end as the STS service takes it: whole seconds, not past, at most 365 days ahead.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkExpires(expires: number, nowMs: number): number {
  const nowSeconds = nowMs / 1000;
  if (looksLikeMilliseconds(expires)) throw invalid('"expires" looks like milliseconds: divide it by 1000.');
  if (!Number.isInteger(expires)) throw invalid('"expires" is not a whole number of seconds since 1970.');
  if (expires <= nowSeconds)
    throw invalid('"expires" is in the past: give a time ahead, in seconds since 1970.');
  if (expires > Math.ceil(nowSeconds) + YEAR_SECONDS) {
    throw invalid('"expires" is more than 365 days ahead: shorten ttlSeconds to at most 31,536,000.');
  }
  return expires;
}

/**
 * A referer as the STS service takes it: a domain name.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkReferer(referer: string): string {
  if (referer.includes('://'))
    throw invalid('"referer" has a scheme: give the domain name alone, such as www.example.com.');
  if (/[/?#]/.test(referer))
    throw invalid('"referer" has a path: give the domain name alone, such as www.example.com.');
  if (referer.includes(':')) throw invalid('"referer" has a port: give the domain name alone.');
  if (referer.includes('*'))
    throw invalid('"referer" has a wildcard: give one domain name; subdomains need tokens of their own.');
  const name = referer.endsWith('.') ? referer.slice(0, -1) : referer;
  if (name.length === 0 || name.length > 253) throw invalid('"referer" is not 1 to 253 characters long.');
  const labels = name.split('.');
  const tld = labels.at(-1) ?? '';
  if (labels.length < 2) throw invalid('"referer" has no top-level domain: give one like example.com.');
  if (/^\d+$/.test(tld)) throw invalid('"referer" ends in digits: give a domain name, not an address.');
  if (!labels.every((label) => LABEL.test(label))) {
    throw invalid('"referer" has a label that is not 1 to 63 letters, digits or inner hyphens.');
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
 * A name or label: text without control characters.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkText(text: string, name: string): string {
  if (text.length === 0 || text.length > 256 || /\p{Cc}/u.test(text)) {
    throw invalid(`"${name}" is not 1 to 256 characters without control characters.`);
  }
  return text;
}

/**
 * A window of time in NumericDate seconds: `nbf` before `exp`, `exp` ahead.
 *
 * @throws Problem `issuer-parameter-invalid`
 */
export function checkWindow(nbf: number | undefined, exp: number, nowMs: number): void {
  for (const [name, value] of [['nbf', nbf] as const, ['exp', exp] as const]) {
    if (value === undefined) continue;
    if (looksLikeMilliseconds(value)) throw invalid(`"${name}" looks like milliseconds: divide it by 1000.`);
    if (!Number.isInteger(value) || value < 0)
      throw invalid(`"${name}" is not a whole number of seconds since 1970.`);
  }
  if (exp * 1000 <= nowMs) throw invalid('"exp" is in the past: give a time ahead, in seconds since 1970.');
  if (nbf !== undefined && nbf >= exp) throw invalid('"nbf" is not before "exp".');
}

export function invalid(message: string): Problem {
  return new Problem('issuer-parameter-invalid', message);
}
