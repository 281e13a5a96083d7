import { closestAround } from './closest-around.js';
import { languageOf } from './message-tables.js';

/** Languages that are written from right to left, and the subtags of such scripts. */
const RIGHT_TO_LEFT =
  /^(?:ar|arc|ckb|dv|fa|he|iw|ji|ks|ku-arab|ps|sd|syr|ug|ur|yi)(?:-|$)|-(?:adlm|arab|hebr|nkoo|rohg|syrc|thaa)(?:-|$)/i;
const LEFT_TO_RIGHT_SCRIPT = /^\w+-(?:cyrl|deva|latn)(?:-|$)/i;

/** The direction in which a language is written. */
export function directionOfLanguage(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(language) && !LEFT_TO_RIGHT_SCRIPT.test(language) ? 'rtl' : 'ltr';
}

/**
 * The value for the attribute `dir` of an element's own texts; `''` where they inherit the right direction. The nearest
 * element with `dir` or `lang` decides, and `dir` where it has both. Without either, the language of the texts decides.
 */
export function ownDirection(element: Element): 'ltr' | 'rtl' | '' {
  if (closestAround(element, '[dir], [lang]')?.hasAttribute('dir')) return '';
  const direction = directionOfLanguage(languageOf(element));
  return direction === getComputedStyle(element).direction ? '' : direction;
}

/** The language tag for `Intl`; `undefined`, which is the browser's own, for a tag that `Intl` does not accept. */
export function intlLocale(language: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}
