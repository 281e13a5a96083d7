import { env } from 'node:process';

/**
 * Why a test is skipped here that packs, installs or builds whole projects, which takes a minute each: a change seldom
 * breaks them. CI runs them all, and so does `npm run test:packages`.
 */
export const skipReleaseCheck: string | false =
  env['CI'] !== undefined || env['GATECAST_RELEASE_CHECKS'] !== undefined
    ? false
    : 'only in CI and by npm run test:packages';
