/**
 * Numbers of the claims: RFC 8392 section 4; those of CTA-5007-B as in the library `@eyevinn/cat`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8392#section-4
 */
export const CLAIM = {
  iss: 1,
  sub: 2,
  aud: 3,
  exp: 4,
  nbf: 5,
  iat: 6,
  cti: 7,
  catreplay: 308,
  catv: 310,
  catnip: 311,
  catu: 312,
  catm: 313,
  catalpn: 314,
  catgeoiso3166: 316,
  catr: 323,
} as const;

/** Parts of an address in `catu`. */
export const URI_PART = { scheme: 0, host: 1, port: 2, path: 3 } as const;

/** How a part must match. */
export const MATCH = { exact: 0, prefix: 1, suffix: 2, contains: 3 } as const;

/** Members of `catr`, and the types of renewal. */
export const RENEWAL = {
  type: 0,
  expadd: 1,
  deadline: 2,
  cookieName: 3,
  headerName: 4,
  cookieParams: 5,
  headerParams: 6,
  code: 7,
} as const;

export const RENEWAL_TYPE = { automatic: 0, cookie: 1, header: 2, redirect: 3 } as const;

/** Tags of addresses (RFC 9164). */
export const IPV4_TAG = 52;
export const IPV6_TAG = 54;
