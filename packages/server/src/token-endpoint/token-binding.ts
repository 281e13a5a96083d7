import type { TokenPurpose } from '@gatecast/contract';
import { decodeJwt } from 'jose';
import { readConfirmation, type Confirmation } from '../dpop/confirmation.js';
import { createDpopChecker, type DpopOptions } from '../dpop/dpop-checker.js';
import { Problem } from '../http/problem.js';
import type { IssuedToken, IssueRequest, TokenIssuer } from '../issuer/token-issuer.js';

/** `required` refuses requests without a proof. `optional` issues tokens that are not bound to them. */
export type DpopMode = 'required' | 'optional';

export interface TokenDpopOptions extends DpopOptions {
  readonly mode: DpopMode;
}

/** An issuer whose tokens are bound to the key of a proof. */
export interface BoundIssuer {
  readonly issuer: TokenIssuer;
  /** Headers for the response. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface TokenBinding {
  /**
   * Checks the proof of a request. Resolves with `null` if there is none and it is optional.
   *
   * @throws Problem `dpop-…`, `issuer-cannot-bind`, `store-unavailable`
   */
  bind(request: Request, issuer: TokenIssuer): Promise<BoundIssuer | null>;
}

/**
 * Binds tokens to the key of a client (RFC 9449 section 5). Each request may use another key: its tokens are bound to the
 * key of its own proof, and tokens that were issued before stay bound to theirs.
 *
 * @throws TypeError if proofs are required and an issuer cannot bind tokens.
 */
export function createTokenBinding(
  dpop: DpopMode | TokenDpopOptions | undefined,
  issuers: Readonly<Partial<Record<TokenPurpose, TokenIssuer>>>,
  now: () => number,
): TokenBinding | undefined {
  if (dpop === undefined) return undefined;
  const { mode, ...options }: TokenDpopOptions = typeof dpop === 'string' ? { mode: dpop } : dpop;
  const unfit = Object.entries(issuers).find(([, issuer]) => issuer.bindsTokens === false);
  if (mode === 'required' && unfit)
    throw new TypeError(
      `issuers.${unfit[0]} cannot bind tokens to a key. Set dpop to "optional" or remove it.`,
    );
  const checker = createDpopChecker({ now, ...options }, 400);
  return {
    async bind(request, issuer) {
      if (mode === 'optional' && !request.headers.has('DPoP')) return null;
      const { jkt, nonce } = await checker.check(request);
      return {
        issuer: boundIssuer(issuer, { jkt }),
        headers: nonce === undefined ? {} : { 'DPoP-Nonce': nonce },
      };
    },
  };
}

function boundIssuer(issuer: TokenIssuer, confirmation: Confirmation): TokenIssuer {
  if (issuer.bindsTokens === false) throw cannotBind();
  return {
    async issue(request: IssueRequest) {
      const { purpose, stream, grant, user, needsId } = request;
      const issued = await issuer.issue({
        ...{ purpose, stream, grant, user, needsId, confirmation },
        get signal() {
          return request.signal;
        },
      });
      const all = [issued, ...(issued.further ?? [])];
      // An issuer that does not know `confirmation` would issue a token that anyone can use.
      if (!all.every((each) => isBound(each, confirmation))) throw cannotBind();
      return issued;
    },
  };
}

/** Is all that authorizes a request bound? A field, address or cookie beside the token never is. */
function isBound(issued: IssuedToken, { jkt }: Confirmation): boolean {
  const { query, headers, path, cookie, url, setCookies } = issued;
  const isUnbound = [query, headers, path, cookie, url, setCookies].some((each) => each !== undefined);
  return !isUnbound && confirmationOf(issued) === jkt;
}

function confirmationOf({ token, security }: IssuedToken): string | null {
  try {
    const confirmation = readConfirmation(decodeJwt(token ?? security?.jwtoken ?? '')['cnf']);
    return confirmation === null || confirmation === 'unknown' ? null : confirmation.jkt;
  } catch {
    return null;
  }
}

function cannotBind(): Problem {
  return new Problem('issuer-cannot-bind', 'The issuer cannot bind a token to a key.', {
    hint: 'Remove the attribute dpop from the element, or use an issuer that signs tokens itself.',
  });
}
