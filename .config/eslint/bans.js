import environments from 'globals';

// What this repository does not do, each with its reason, which the linter shows.

const names = (text) => text.split(' ');
const withMessage = (list, message) =>
  list.map((name) => ({ name, message: message.replaceAll('NAME', name) }));

/** Names that browsers put on `window`: a forgotten declaration then reads them instead of failing. */
const bareNames = names(
  'blur close closed event external find focus frames history length name open opener origin parent print scroll self status stop toolbar top',
);

const timerReason =
  'Timers go through the clock (Clock in @gatecast/token): slices against a wall-clock deadline survive sleep, setTimeout overflows after 24.8 days, and tests move time by hand.';
const timerNames = names('setTimeout setInterval setImmediate requestIdleCallback');

/** What pages have, and neither workers nor Node. */
const { browser, serviceworker, nodeBuiltin } = environments;
const isOfPages = (name) => !(name in serviceworker) && !(name in nodeBuiltin) && !bareNames.includes(name);
const domNames = [
  ...Object.keys(browser).filter(isOfPages),
  ...names('location navigator localStorage sessionStorage'),
];

/** `no-restricted-globals` entries by place. */
export const globals = {
  bareGlobals: withMessage(
    bareNames,
    "A bare 'NAME' is the window's own and hides a missing declaration: declare it, or write globalThis.NAME.",
  ),
  timers: withMessage(timerNames, timerReason),
  dom: withMessage(domNames, '@gatecast/server runs on Node, Bun, Deno and edge runtimes: there is no NAME.'),
};

/** `no-restricted-properties` entries: the same timers reached through an object. */
export const timerProperties = ['window', 'globalThis', 'self'].flatMap((object) =>
  timerNames.map((property) => ({ object, property, message: timerReason })),
);

/** `no-restricted-syntax` entries by place. */
export const syntax = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
    message: 'Export by name: a default export gets another name at every import, and no search finds it.',
  },
  doubleAssertion: {
    selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
    message: '`as unknown as` switches the compiler off: narrow the value with a type guard.',
  },
  signedUrl: {
    selector:
      'CallExpression[callee.property.name=/^(set|append|delete|sort)$/]:matches([callee.object.property.name="searchParams"], [callee.object.name="searchParams"])',
    message:
      'URLSearchParams encodes the whole query again and so breaks signed URLs: extend the string (see placement.ts in @gatecast/token).',
  },
  markup: {
    selector:
      'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe)$/], ImportDeclaration[source.value=/unsafe-(html|svg|mathml|static)/]',
    message: 'Markup from strings is an injection and is refused under Trusted Types: use a lit template.',
  },
};
