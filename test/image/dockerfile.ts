/** One instruction, with its arguments as they stand after build arguments have been put in. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What `FROM … AS name` begins. */
export interface BuildStage {
  /** Empty when it has none. */
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

type Values = ReadonlyMap<string, string>;

/** Reads the part of the Dockerfile language that this project uses; anything else is an error, never skipped. */
export function readDockerfile(text: string, given: Readonly<Record<string, string>> = {}): readonly BuildStage[] {
  const values = new Map<string, string>();
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of logicalLines(text)) {
    const [name = '', ...words] = line.split(/\s+/);
    const rest = putIn(words.join(' '), values);
    if (name === 'ARG') setDefault(rest, given, values);
    else if (name === 'FROM') stages.push({ ...readFrom(rest), instructions: [] });
    else if (stages.length === 0) throw new Error(`${line}: this comes before FROM`);
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** Every argument has a default here; that one of a stage hides one of all stages is not used. */
function setDefault(text: string, given: Readonly<Record<string, string>>, values: Map<string, string>): void {
  const [name = '', ...value] = text.split('=');
  values.set(name, given[name] ?? value.join('='));
}

/** The arguments of ENTRYPOINT, CMD or RUN in their exec form. */
export function execForm(text: string): readonly string[] {
  const words: unknown = JSON.parse(text);
  if (!Array.isArray(words)) throw new Error(`${text}: this is not the exec form`);
  return words.map(String);
}

function readFrom(text: string): { readonly name: string; readonly base: string } {
  const [, base = '', name = ''] = /^(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?$/.exec(text) ?? [];
  if (base === '') throw new Error(`FROM ${text}: this cannot be read`);
  return { name, base };
}

/** `${NAME}` and `${NAME:+text}`. */
function putIn(text: string, values: Values): string {
  return text.replace(/\$\{(\w+)(?::\+((?:\$\{\w+\}|[^}])*))?\}/g, (_, name: string, instead: string | undefined) => {
    const value = values.get(name) ?? '';
    if (instead === undefined) return value;
    return value === '' ? '' : putIn(instead, values);
  });
}

function logicalLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
