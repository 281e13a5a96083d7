import { vendorSecret } from '@gatecast/element';
import type { Token } from '@gatecast/token';
import type { BroadcastTarget } from '../broadcast-target.js';
import type { RtcUserClient } from './rtc-user-client.js';
import { isSignedInAlready } from './rtc-user-errors.js';
import { readSignInNames } from './sign-in-names.js';

/** The sign-in of the vendor's client, which has at most one at a time. */
export class VendorSignIn {
  #isDone = false;
  #stopWaiting: (() => void) | null = null;

  get isDone(): boolean {
    return this.#isDone;
  }

  /** @throws GatecastError the vendor's error; or the signal's reason. */
  async begin(
    client: RtcUserClient,
    target: BroadcastTarget,
    token: Token,
    signal: AbortSignal,
  ): Promise<void> {
    this.#stopWaiting?.();
    const signIn = () => this.#run(client, target, token, signal);
    try {
      await signIn();
    } catch (error) {
      if (!isSignedInAlready(error)) throw error;
      // That session was begun with another token.
      client.attempt('signOut');
      await signIn().catch((again: unknown) => {
        if (!isSignedInAlready(again)) throw again;
      });
    }
    this.#isDone = true;
  }

  end(client: RtcUserClient): void {
    if (!this.#isDone) return;
    this.#isDone = false;
    // Otherwise the vendor refuses a new sign-in as "already signed in" and keeps the session's old token.
    client.attempt('signOut');
  }

  async #run(
    client: RtcUserClient,
    target: BroadcastTarget,
    token: Token,
    signal: AbortSignal,
  ): Promise<void> {
    const options = { server: target.endpoint, jwt: vendorSecret(token.value), ...readSignInNames(target) };
    signal.throwIfAborted();
    try {
      await client.run('signIn', (user) => user.signIn(options), signal);
    } catch (error) {
      if (signal.aborted) this.#abandon(client);
      throw error;
    }
  }

  /** The vendor's client cannot cancel a sign-in, so that one may still succeed. */
  #abandon(client: RtcUserClient): void {
    client.attempt('signOut');
    const stop = client.listen('SignInSuccess', () => {
      stop();
      client.attempt('signOut');
    });
    this.#stopWaiting = stop;
  }
}
