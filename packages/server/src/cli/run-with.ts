/** How the command is run without an installation, in texts that tell what to do next. */
export const COMMAND = 'npx gatecast';

/** Where the documentation is. */
export const DOCS = 'https://github.com/gatecast/gatecast#readme';
