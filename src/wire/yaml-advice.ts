/** What the package says is wrong. */
interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** What git leaves in a file that two branches changed. */
const CONFLICT = /^(?:<{7}|={7}|>{7})/;

const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/^Missing closing/, 'close the quote'],
  [/ end with a /, 'close the bracket'],
  [/^Implicit map keys need/, 'write a colon and a space behind the key'],
  [/^Implicit keys need/, 'write KEY: VALUE on one line'],
  [/^Sequence item without/, 'write a dash before it, or indent it as the lines before'],
  [/^Nested mappings/, 'quote the value, or indent it as the lines before'],
  [/^(?:Missing ,|Block collections)/, 'separate the items with commas'],
  [/directives-end/, 'write --- behind the directive'],
  [/^Comments must be/, 'write a space before #'],
  [/ tag/i, 'correct the tag or remove it'],
  [/base64/, 'correct the value'],
];

const BY_CODE: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'indent it as the lines before',
  BAD_SCALAR_START: 'quote the value',
  BAD_DQ_ESCAPE: String.raw`write \\ for a backslash, or use single quotes`,
  BAD_DIRECTIVE: 'correct the directive or remove it',
  UNEXPECTED_TOKEN: 'remove it, or quote the value',
};

/** What to do about it, for people who have not read the specification of YAML. */
export function yamlAdvice({ code, message, pos }: YamlError, text: string): string {
  const lineStart = text.lastIndexOf('\n', pos[0] - 1) + 1;
  if (CONFLICT.test(text.slice(lineStart, lineStart + 7))) return 'finish the merge that git began here';
  const told = BY_MESSAGE.find(([pattern]) => pattern.test(message));
  return told?.[1] ?? BY_CODE[code] ?? 'correct this line';
}
