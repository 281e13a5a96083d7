import { GatecastError, type ErrorCode } from '@gatecast/token';

const VIOLATION = 'securitypolicyviolation';

/** The directive that can cause an error, by its code. */
const DIRECTIVES: Partial<Record<ErrorCode, string>> = {
  'engine-load-failed': 'script-src',
  'ingest-unreachable': 'connect-src',
  'media-failed': 'media-src',
  'playlist-signer-failed': 'connect-src',
  'publisher-load-failed': 'script-src',
  'source-failed': 'media-src',
  'source-unreachable': 'connect-src',
  'token-endpoint-unreachable': 'connect-src',
  'vendor-script-failed': 'script-src',
};

/**
 * What the page's Content-Security-Policy has blocked since an element began to work. A blocked request fails as if
 * there were no network; only this event says why.
 *
 * @see https://www.w3.org/TR/CSP3/#eventdef-document-securitypolicyviolation
 */
export class BlockedByPolicy {
  /** Of each directive the last origin, or a scheme such as `blob`: never a path or a query. */
  readonly #blocked = new Map<string, string>();

  #document: EventTarget | null = null;

  /** Watches a document, until `stop()`. */
  start(document: EventTarget): void {
    this.stop();
    this.#document = document;
    document.addEventListener(VIOLATION, this.#onViolation);
  }

  stop(): void {
    this.#document?.removeEventListener(VIOLATION, this.#onViolation);
  }

  /** The error, with the directive that may have caused it in its hint. */
  explain(error: GatecastError): GatecastError {
    const directive = DIRECTIVES[error.code];
    const blocked = directive && this.#blocked.get(directive);
    if (!blocked) return error;
    const { code, message, retryable, status, retryAfterMs, vendorCode, cause } = error;
    const hint = `The page’s Content-Security-Policy has blocked ${blocked}: allow it in ${directive}. If that is not the cause: ${error.hint}`;
    return new GatecastError(code, message, { hint, retryable, status, retryAfterMs, vendorCode, cause });
  }

  readonly #onViolation = (event: Event): void => {
    const { effectiveDirective, blockedURI, disposition } = event as SecurityPolicyViolationEvent;
    if (disposition === 'report') return;
    // Of script-src, browsers name the part that counts, such as script-src-elem.
    const directive = effectiveDirective.replace(/-(?:elem|attr)$/, '');
    this.#blocked.set(directive, originOf(blockedURI));
  };
}

function originOf(blockedUri: string): string {
  try {
    const { origin, protocol } = new URL(blockedUri);
    return origin === 'null' ? protocol : origin;
  } catch {
    // A keyword, such as `blob` or `inline`.
    return blockedUri.slice(0, 20).replace(/[^a-z-]/gi, '') + ':';
  }
}
