import packageJson from '../../package.json' with { type: 'json' };

/** Kept in package.json alone. */
export const VERSION = packageJson.version;

/** As npm has it: `>=22.19`. */
export const NEEDED_NODE = packageJson.engines.node;
