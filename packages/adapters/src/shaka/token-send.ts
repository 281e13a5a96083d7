import type { Placement } from '@gatecast/token';
import type shaka from 'shaka-player';
import type { TokenSession } from '../session/open-session.js';

/** The library, with what the adapter uses. */
export type Shaka = Pick<typeof shaka, 'net' | 'util'>;

/** Whose token a request of a player needs. */
export interface RequestClaim {
  readonly session: TokenSession;
  readonly stream: string;
  /** Where the token goes, if not to the session’s placement. */
  readonly licencePlacement: Placement | null;
}

type PluginRest =
  Parameters<shaka.extern.SchemePlugin> extends [string, shaka.extern.Request, ...infer Rest] ? Rest : never;

/** A request of a player that is sent with its token. */
export interface TokenSend {
  readonly shaka: Shaka;
  /** The library’s own plugin. */
  readonly own: shaka.extern.SchemePlugin;
  readonly claim: RequestClaim;
  readonly url: string;
  readonly request: shaka.extern.Request;
  /** The other arguments of the plugin. */
  readonly rest: PluginRest;
  /** Aborted by the player. */
  readonly signal: AbortSignal;
}
