import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceRegion } from '../../../src/domain/source.ts';
import { type Found, useScratch } from './scratch.ts';

const scratch = useScratch();

const TEMPLATE = `{{- if .Values.on }}
kind: Service
metadata:
  name: {{ .Release.Name }}-web
spec:
  type: NodePort
  ports:
  - name: http
    nodePort: {{ .Values.http }}  # opened
  - name: https
    nodePort: {{ .Values.https }}
  {{- range .Values.more }}
  - port: {{ . }}
  {{- end }}
  {{- toYaml .Values.rest | nindent 2 }}
{{- end }}
`;

const RENDERED = `---
# Source: web/templates/svc.yaml
kind: Service
metadata:
  name: web-web
spec:
  type: NodePort
  ports:
  - name: http
    nodePort: 30080  # opened
  - name: https
    nodePort: 30443
  - port: 1
  - port: 2
  externalTrafficPolicy: Local
---
# Source: web/charts/sub/templates/gone.yaml
kind: Service
---
kind: Service
`;

/** Where the first such text of the rendered output is said to be, as the file, the place and the text there. */
function where(found: Found | undefined, text: string, written: Readonly<Record<string, string>>): string {
  const lines = RENDERED.split('\n');
  const index = lines.findIndex((line) => line.includes(text));
  const column = (lines[index]?.indexOf(text) ?? -1) + 1;
  const region: SourceRegion = {
    file: 'rendered',
    line: index + 1,
    column,
    endLine: index + 1,
    endColumn: column + text.length,
  };
  const moved = found !== undefined && 'relocate' in found ? found.relocate?.(region) : undefined;
  if (moved === undefined) return 'not relocated';
  const { file, line } = moved;
  const there = written[file]?.split('\n')[line - 1]?.slice(moved.column - 1, moved.endColumn - 1);
  return `${file}:${line}:${moved.column} ${there}`;
}

describe('regions of a rendered chart', () => {
  it.each([
    ['NodePort', 'web/templates/svc.yaml:6:9 NodePort'],
    ['http', 'web/templates/svc.yaml:8:11 http'],
    ['30080', 'web/templates/svc.yaml:9:15 {{ .Values.http }}  # opened'],
    ['30443', 'web/templates/svc.yaml:11:15 {{ .Values.https }}'],
    ['nodePort', 'web/templates/svc.yaml:9:5 nodePort'],
    ['port: 2', 'web/templates/svc.yaml:13:5 port'],
    ['2', 'web/templates/svc.yaml:13:11 {{ . }}'],
    ['web-web', 'web/templates/svc.yaml:4:9 {{ .Release.Name }}-web'],
    ['externalTrafficPolicy', 'web/templates/svc.yaml:1:1 {'],
  ])('%s is at %s', async (text, expected) => {
    const files = { 'web/templates/svc.yaml': TEMPLATE };
    await scratch.write({ ...files, 'web/Chart.yaml': 'name: web', 'out.yaml': RENDERED });
    await scratch.install('helm', 'exec /bin/cat out.yaml');
    const [found] = await scratch.read(['web']);
    expect(where(found, text, files)).toBe(expected);
  });

  it('are in Chart.yaml where no template is named, there, or to be looked into', async () => {
    await scratch.write({ 'web/Chart.yaml': 'name: web', 'svc.yaml': TEMPLATE, 'web/templates/other.yaml': '' });
    const top = { file: 'web/Chart.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
    await symlink('../../svc.yaml', join(scratch.directory, 'web/templates/out.yaml'));
    for (const source of ['web/../svc.yaml', '/etc/passwd', 'web/templates/out.yaml', 'web/templates', 'web']) {
      await scratch.install('helm', `printf -- '---\\n# Source: %s\\nkind: Service\\n' '${source}'`);
      const [found] = await scratch.read(['web']);
      const region = { file: 'web', line: 3, column: 1, endLine: 3, endColumn: 5 };
      expect(found !== undefined && 'relocate' in found && found.relocate?.(region)).toEqual(top);
    }
  });
});

describe('regions of what is piped in', () => {
  const region: SourceRegion = { file: 'stdin', line: 7, column: 9, endLine: 7, endColumn: 17 };
  const relocated = async (): Promise<SourceRegion | undefined> => {
    const [found] = await scratch.read(['-'], {}, [RENDERED]);
    return found !== undefined && 'relocate' in found ? found.relocate?.(region) : undefined;
  };

  it('stay where no template of that name is', async () => {
    await scratch.write({ 'templates/svc.yaml': TEMPLATE });
    expect(await relocated()).toEqual(region);
  });

  it('are in the template, seen from the working directory', async () => {
    await scratch.write({ 'web/templates/svc.yaml': TEMPLATE });
    expect(await relocated()).toEqual({ ...region, file: 'web/templates/svc.yaml', line: 6, endLine: 6 });
  });

  it('are in the template of the chart that one stands in', async () => {
    await scratch.write({ 'Chart.yaml': '', 'templates/svc.yaml': TEMPLATE });
    expect(await relocated()).toEqual({ ...region, file: 'templates/svc.yaml', line: 6, endLine: 6 });
  });

  it('are in the template of the only chart below that is called so, however its directory is', async () => {
    await scratch.write({
      'deploy/frontend/Chart.yaml': 'name: web\n',
      'deploy/frontend/templates/svc.yaml': TEMPLATE,
      'deploy/frontend/charts/part/Chart.yaml': 'name: sub',
      'deploy/frontend/charts/sub/templates/gone.yaml': 'kind: Service',
      'other/Chart.yaml': 'name: other',
      'other/templates/svc.yaml': TEMPLATE,
      'node_modules/x/Chart.yaml': 'name: web',
      '.cache/Chart.yaml': 'name: web',
      'a/b/c/d/e/Chart.yaml': 'name: web',
      'broken/Chart.yaml': 'name: [',
    });
    const [found] = await scratch.read(['-'], {}, [RENDERED]);
    const moved = (line: number) => found !== undefined && 'relocate' in found && found.relocate?.({ ...region, line });
    expect(moved(7)).toEqual({ ...region, file: 'deploy/frontend/templates/svc.yaml', line: 6, endLine: 6 });
    expect(moved(17)).toMatchObject({ file: 'deploy/frontend/charts/sub/templates/gone.yaml', line: 1 });
  });

  it('stay where two charts are called so, or none has the template', async () => {
    await scratch.write({ 'a/Chart.yaml': 'name: web' });
    expect(await relocated()).toEqual(region);
    await scratch.write({ 'a/templates/svc.yaml': TEMPLATE, 'b/c/d/e/Chart.yaml': '{"name":"web"}' });
    expect(await relocated()).toEqual(region);
  });

  it('stay where there is too much to search', async () => {
    await scratch.write({ 'a/Chart.yaml': 'name: web', 'a/templates/svc.yaml': TEMPLATE });
    const directories = Array.from({ length: 1997 }, (_, index) => mkdir(join(scratch.directory, `d${index}`)));
    await Promise.all(directories);
    expect(await relocated()).toMatchObject({ file: 'a/templates/svc.yaml' });
    await mkdir(join(scratch.directory, 'one-more'));
    expect(await relocated()).toEqual(region);
  });

  it('are not in the chart that one stands in where that has another name', async () => {
    await scratch.write({ 'Chart.yaml': 'name: other', 'templates/svc.yaml': TEMPLATE });
    expect(await relocated()).toEqual(region);
    await scratch.write({ 'charts/web/Chart.yaml': 'name: web', 'charts/web/templates/svc.yaml': TEMPLATE });
    expect(await relocated()).toMatchObject({ file: 'charts/web/templates/svc.yaml', line: 6 });
  });

  it('are never outside of the chart', async () => {
    await scratch.write({ 'a/Chart.yaml': 'name: web', 'svc.yaml': TEMPLATE, 'a/templates/x.yaml': '' });
    await symlink('../../svc.yaml', join(scratch.directory, 'a/templates/svc.yaml'));
    expect(await relocated()).toEqual(region);
  });

  it('are left alone without such comments', async () => {
    const [found] = await scratch.read(['-'], {}, ['a: 1']);
    expect(found).not.toHaveProperty('relocate');
  });
});
