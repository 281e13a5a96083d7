import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';

/** Signs and verifies the tokens of one service, with a new random secret for each instance. */
export class ServiceJwt {
  readonly #secret = crypto.getRandomValues(new Uint8Array(32));
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  sign(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(this.#secret);
  }

  /** Returns the claims of a valid token, or the reason why it is not valid. */
  async verify(token: unknown): Promise<JWTPayload | 'expired' | 'invalid'> {
    if (typeof token !== 'string') return 'invalid';
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        currentDate: new Date(this.#now()),
      });
      return payload;
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
    }
  }
}
