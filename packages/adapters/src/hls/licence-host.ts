import type { GatecastError } from '@gatecast/token';
import type { EMEControllerConfig } from 'hls.js';
import type { LicenceTransport } from './request-licence.js';

export type LicenceSetup = NonNullable<EMEControllerConfig['licenseXhrSetup']>;

/** What hls.js gives `licenseXhrSetup`. */
export type LicenceSetupArguments = Parameters<LicenceSetup>;
export type LicenceContext = LicenceSetupArguments[2];
/** The instance of hls.js. */
export type LicenceHls = ThisParameterType<LicenceSetup>;

/** What surrounds the licence requests of one hls.js. */
export interface LicenceHost extends LicenceTransport {
  /** Aborts when there are no requests any longer; `null` if hls.js ends them. */
  readonly signal: AbortSignal | null;
  /** Aborts when licences are no longer renewed ahead. */
  readonly renewing: AbortSignal;
  /** The page's own options of hls.js that change a licence request and read its response. */
  readonly hooks: Partial<Pick<EMEControllerConfig, 'licenseXhrSetup' | 'licenseResponseCallback'>>;
  /** Further headers of a request. */
  readonly headersFor?: (url: string) => Readonly<Record<string, string>> | undefined;
  /** The stream whose token a request needs. */
  streamOf(url: string): string;
  /**
   * Called with the error of a request that has finally failed.
   *
   * @returns whether hls.js reports it, too.
   */
  onFailed(error: unknown, stream: string): boolean;
  /** Called when a licence could not be renewed ahead, which is tried again. */
  readonly onTrouble?: (error: GatecastError, stream: string) => void;
}
