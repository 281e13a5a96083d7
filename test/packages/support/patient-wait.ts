import { until } from '../../support/wait.js';

/**
 * As `HANG_LIMIT_MS`, for whole projects. They run with low priority beside the browser tests, where a development server
 * can take more than a minute for its first page.
 */
export const PATIENT_LIMIT_MS = 300_000;

/** As {@link until}, with {@link PATIENT_LIMIT_MS}. */
export const untilAtLast = (condition: () => boolean | Promise<boolean>, what: string): Promise<void> =>
  until(condition, what, PATIENT_LIMIT_MS);

/** Of tokens in projects: no test of a whole project is so slow that one has to be renewed. */
export const PATIENT_TOKEN_SECONDS = 3600;
