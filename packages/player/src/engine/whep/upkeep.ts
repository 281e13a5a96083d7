import type { Authorizer, Clock } from '@gatecast/token';
import type { CreatedSession } from '@gatecast/webrtc';
import type { EngineHost, EngineReport } from '../engine.js';
import { describeReport, type WhepStatistics } from './describe-report.js';
import { followServer, type ServerChannel } from './follow-server.js';
import type { ServerOrders } from './server-session.js';
import { SessionVisits } from './session-visits.js';
import { StillPicture } from './still-picture.js';
import { TokenEnds } from './token-ends.js';
import type { WhepOptions } from './whep-options.js';
import type { WhepSession } from './whep-session.js';

/** A player that is not started after this time with a picture ends its session. */
const UNSTARTED_MS = 5000;
const HAVE_ENOUGH_DATA = 4;

export interface UpkeepOptions {
  readonly host: EngineHost<WhepOptions>;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  readonly orders: ServerOrders;
  /** Opens a session in place of the one that is shown. */
  replace(): void;
  /** Ends the session until playback starts. */
  rest(): void;
}

/** What an engine does for its sessions when their picture is shown. Not needed before the first one. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #tokenEnds: TokenEnds;
  readonly #picture: StillPicture;
  readonly #layer: { request: string | null } = { request: null };
  #visits: SessionVisits | null = null;
  #channel: ServerChannel | null = null;
  #cancelRest: () => void = () => undefined;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#tokenEnds = new TokenEnds(options.host.tokens);
    this.#picture = new StillPicture(options.host.output.video, options.clock);
  }

  /** What the server tells, and the figures of the last second. */
  get details(): Readonly<Record<string, unknown>> {
    return { statistics: this.statistics, ...this.#channel?.details };
  }

  /** `null` before the first sample. */
  get statistics(): WhepStatistics | null {
    const [now, before] = this.#visits?.session.reports ?? [];
    return now ? describeReport(now, before) : null;
  }

  /** A session is shown. */
  shown(session: WhepSession, created: CreatedSession): void {
    const { host, authorizer, clock, random, orders } = this.#options;
    const { stream } = session.entry;
    this.stop();
    this.#visits = new SessionVisits(session, this.#options);
    this.#tokenEnds.opened(stream);
    const layer = this.#layer;
    this.#channel = followServer(host, authorizer, {
      created,
      session,
      stream,
      layer,
      clock,
      random,
      ...orders,
    });
    this.#restUnstarted();
  }

  /** The session that was shown is lost, or ended by its server. */
  lost(hasEnded: boolean): void {
    if (hasEnded) this.#tokenEnds.ended();
    this.#unfollow();
  }

  /** The session lives on with the new token. If its server ends it nevertheless, the next ones are replaced before that. */
  renewed(isFlowing: boolean): void {
    if (isFlowing && this.#tokenEnds.isDue()) this.#options.replace();
    else void this.#visits?.bringToken();
  }

  /** Is there still a session? A server that is restarted or ends one may say nothing, and ICE finds out in seconds. */
  probe(): void {
    if (this.#visits) this.#picture.quiet(this.#visits.session);
    void this.#visits?.probe();
  }

  /** The engine, whose picture is shown, reports something. */
  reported(report: EngineReport): void {
    this.#picture.reported(report);
  }

  /** Asks for a layer. Returns `false` if the server offers no choice. @throws RangeError for an index that no layer has. */
  choose(index: number | 'auto'): boolean {
    return this.#channel?.choose(index) ?? false;
  }

  /** No session is shown. */
  stop(): void {
    this.#cancelRest();
    this.#picture.end();
    this.#unfollow();
    this.#visits = null;
  }

  #unfollow(): void {
    this.#channel?.stop();
    this.#channel = null;
  }

  /** A player that nobody has started shows a poster, or at most the first picture: it needs no session. */
  #restUnstarted(): void {
    const { clock, host } = this.#options;
    this.#cancelRest = clock.at(clock.now() + UNSTARTED_MS, () => {
      const { paused, played, autoplay, readyState } = host.output.video;
      if (!paused || played.length > 0) return;
      if (autoplay && readyState < HAVE_ENOUGH_DATA) this.#restUnstarted();
      else this.#options.rest();
    });
  }
}
