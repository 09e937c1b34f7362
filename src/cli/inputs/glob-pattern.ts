const MAGIC = /[*?[{]/;

/** What a star stands for. */
const ANY = '[^/]*';

export function isGlob(text: string): boolean {
  return MAGIC.test(text);
}

/** One pattern for each way through the braces: `{a,b}/*` is `a/*` and `b/*`. A brace without a partner is plain text. */
export function withoutBraces(pattern: string): readonly string[] {
  const close = pattern.indexOf('}');
  const open = pattern.lastIndexOf('{', close);
  if (close < 0 || open < 0) return [pattern];
  const [before, after] = [pattern.slice(0, open), pattern.slice(close + 1)];
  return pattern
    .slice(open + 1, close)
    .split(',')
    .flatMap((choice) => withoutBraces(`${before}${choice}${after}`));
}

/** For one name on a path: `*`, `?`, `[a-z]`, `[!a-z]`. As in a shell, a name that begins with a dot is only met by one. */
export function namePattern(segment: string): RegExp {
  const hidden = segment.startsWith('.') ? '' : '(?!\\.)';
  return new RegExp(`^${hidden}${sourceOf(segment)}$`, 'su');
}

/**
 * Whether a path is meant by one of the patterns, or lies in a directory that is: `**` stands for any number of directories,
 * none included. Unlike names that are looked for, hidden ones are met: what is left out is left out whole.
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const sources = patterns
    .flatMap(withoutBraces)
    .map((pattern, index) => pathSource(pattern.replace(/^(?:\.\/+)+|\/+$/g, ''), `g${index}`));
  if (sources.length === 0) return () => false;
  const matcher = new RegExp(`^(?:${sources.join('|')})(?:/|$)`, 'su');
  return (path) => matcher.test(path);
}

function pathSource(pattern: string, group: string): string {
  const parts = pattern.split(/\/+/);
  const last = parts.length - 1;
  return parts
    .map((part, index) => {
      if (part === '**') return index === last ? '.+' : '(?:[^/]+/)*';
      return index === last ? sourceOf(part, `${group}_${index}`) : `${sourceOf(part, `${group}_${index}`)}/`;
    })
    .join('');
}

/**
 * Between two stars, the first place where the pattern goes on is as good as any other: once it is found it is kept (a look-ahead is
 * never tried again), or `*a*a*a*b` would take for ever for a long name.
 */
function sourceOf(segment: string, group = 'g'): string {
  const runs = [''];
  for (let at = 0; at < segment.length;) {
    const [taken, written] = pieceAt(segment, at);
    at += taken;
    if (written === ANY) runs.push('');
    else runs[runs.length - 1] += written;
  }
  const last = runs.length - 1;
  return runs
    .map((run, index) => {
      if (index === 0) return run;
      if (index === last) return `${ANY}${run}`;
      return `(?=(?<${group}_${index}>${ANY}?${run}))\\k<${group}_${index}>`;
    })
    .join('');
}

/** How many characters of the pattern the next piece takes, and what it is as a regular expression. */
function pieceAt(segment: string, at: number): readonly [taken: number, source: string] {
  const rest = segment.slice(at);
  const [stars] = /^\*+/.exec(rest) ?? [];
  if (stars !== undefined) return [stars.length, ANY];
  if (rest.startsWith('?')) return [1, '[^/]'];
  const [brackets] = /^\[[!^]?\]?[^\]/]+\]/.exec(rest) ?? [];
  const source = brackets === undefined ? undefined : characterClass(brackets.slice(1, -1));
  if (brackets !== undefined && source !== undefined) return [brackets.length, source];
  const [character = ''] = rest;
  return [character.length, character.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`)];
}

/** undefined where it is none, as `[z-a]`: then the brackets are plain text. */
function characterClass(content: string): string | undefined {
  const isNot = /^[!^]/.test(content);
  const source = `[${isNot ? '^/' : ''}${content.slice(isNot ? 1 : 0).replaceAll(/[\\\][^]/g, String.raw`\$&`)}]`;
  return isPattern(source) ? source : undefined;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source !== '';
  } catch {
    return false;
  }
}
