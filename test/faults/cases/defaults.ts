/** Longer than the shortest renewal, shorter than a case with two renewals. */
export const defaultTokenTtlSeconds = 60;
