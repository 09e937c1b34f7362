/** Says whether `.dockerignore` keeps a path (relative, with `/`) out of the build: the last line that matches decides. */
export function readDockerIgnore(text: string): (path: string) => boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const rules = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keepsOut: !line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.keepsOut ?? false;
}

/** A line stands for the path and for everything below it. `**` is any number of folders. */
function patternOf(line: string): RegExp {
  const parts = line.replace(/^\/|\/$/g, '').split('/');
  const source = parts.map((part) =>
    part === '**'
      ? '.*'
      : part
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replaceAll('*', '[^/]*')
          .replaceAll('?', '[^/]'),
  );
  return new RegExp(`^${source.join('/').replaceAll('.*/', '(?:.*/)?')}(?:/.*)?$`);
}
