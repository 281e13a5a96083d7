/** How the command is run without an installation, in texts that tell what to do next. */
export const COMMAND = 'npx gatecast';

/** The configuration that `gatecast init` writes. */
export const CONFIG_FILE = 'gatecast.config.json';

/** Where the documentation is. */
export const DOCS = 'https://github.com/gatecast/gatecast#readme';
