import { allowScripts } from './allow-scripts.js';
import { listForeignOrigins } from './foreign-origins.js';

/**
 * Reads the URL parameters of the page. If they name other origins, asks the person first, and leaves out what names them if
 * the answer is no.
 */
export async function readPageParameters(): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(location.search);
  const origins = listForeignOrigins(parameters, location.href);
  if (origins.length > 0) {
    const { askAboutOrigins } = await import('./ask-about-origins.js');
    const isAllowed = await askAboutOrigins(origins);
    for (const name of isAllowed ? [] : origins.flatMap((origin) => origin.parameters))
      parameters.delete(name);
  }
  await allowScripts(parameters);
  return parameters;
}
