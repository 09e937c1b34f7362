/** SGR codes that every terminal knows, by what they stand for here. */
const CODES = { deny: '1;31', warn: '1;33', good: '32', file: '1', dim: '2', mark: '1;31' } as const;

export type Tone = keyof typeof CODES;

/** Makes a text stand out; what is painted must be harmless already. */
export type Paint = (tone: Tone, text: string) => string;

export const PLAIN: Paint = (_tone, text) => text;

export const COLOURED: Paint = (tone, text) => (text === '' ? text : `\u001b[${CODES[tone]}m${text}\u001b[0m`);
