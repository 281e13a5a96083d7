import { licencesFor, licenceSetup, type LicenceHost } from '@gatecast/adapters/hls.js';
import { Authorizer, systemClock } from '@gatecast/token';
import type { HlsConfig, Loader, LoaderContext } from 'hls.js';
import { asPlaybackError } from '../../../source/source-errors.js';
import type { EngineHost } from '../../engine.js';
import type { HlsLoaderClass } from '../hls-loader.js';
import type { HlsOptions } from '../hls-options.js';
import { readDrm, withDrm, type CheckedDrm } from './read-drm.js';

type Host = EngineHost<HlsOptions>;
type Load = Parameters<Loader<LoaderContext>['load']>;

/**
 * Adds the licence servers of the page to the options of hls.js, and lets it request licences with tokens.
 *
 * @throws GatecastError `option-invalid`
 */
export function withLicences(
  host: Host,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const drm = readDrm(host.options.drm, document.baseURI);
  const all = withDrm(config, drm);
  if (!all['emeEnabled']) return all;
  return { ...all, licenseXhrSetup: licenceSetup(licenceHost(host, all, drm)) };
}

/** The loader that requests certificates as licences are requested. */
export function withCertificates(host: Host, Base: HlsLoaderClass): HlsLoaderClass {
  return class extends Base {
    override load(...request: Load): void {
      if ((request[0].type as string) === 'server-certificate') void loadCertificate(host, this, request);
      else super.load(...request);
    }
  };
}

async function loadCertificate(
  host: Host,
  { stats }: Pick<Loader<LoaderContext>, 'stats'>,
  [context, , { onSuccess }]: Load,
): Promise<void> {
  const drm = readDrm(host.options.drm, document.baseURI);
  const licences = licenceHost(host, {}, drm);
  // hlsConfig.drmSystems may have a relative one.
  const url = new URL(context.url, document.baseURI).href;
  const { signal } = host;
  const stream = licences.streamOf(url);
  try {
    const { requestLicence } = await licencesFor(signal);
    const headers = { ...licences.headersFor?.(url) };
    const response = await requestLicence(licences, { url, stream, signal, init: { headers } });
    if (!isOver(signal)) onSuccess({ url, code: response.status, data: response.data }, stats, context, null);
  } catch (error) {
    if (!isOver(signal)) licences.onFailed(error, stream);
  }
}

/** What licence requests of an element need. */
export function licenceHost(host: Host, hooks: Partial<HlsConfig>, drm: CheckedDrm | null): LicenceHost {
  const { authorizer, signal, source, tokens } = host;
  const placement = drm?.placement;
  return {
    ...{ clock: systemClock, signal, hooks, renewing: signal },
    authorizerFor: (url) =>
      placement && tokens && authorizer.isAllowed(url)
        ? // The origin only: a token with an address of its own replaces that of an entry, and this is none.
          new Authorizer({ tokens, placement, origins: [new URL(url).origin] })
        : authorizer,
    headersFor: (url) => drm?.headers.get(url),
    // A licence is for a source: its renditions may share a key.
    streamOf: () => source.entries[0]?.stream ?? '',
    onFailed(cause) {
      const error = asPlaybackError(cause);
      if (error) host.report({ type: 'error', error, isResumable: false });
      return false;
    },
    onRepeat(error) {
      host.report({ type: 'trouble', error });
    },
    onTrouble(error) {
      host.report({ type: 'note', name: 'licence-renewal-failed', details: { error } });
    },
  };
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
