import packageJson from '../../package.json' with { type: 'json' };

/** Kept in package.json alone. */
export const VERSION = packageJson.version;
