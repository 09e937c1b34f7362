import { readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BAD, BAD_MESSAGE, badInWords, GOOD, makeRepository } from './support/repository.ts';
import { type Ended, GATE_SCRIPT, pathWith, ROOT, runProcess } from './support/run-process.ts';

const CODE_QUALITY = 'gl-code-quality-report.json';
const JUNIT = 'nodeport-gate.junit.xml';

const { 'nodeport-gate': job } = z
  .strictObject({
    'nodeport-gate': z.strictObject({
      stage: z.literal('test'),
      image: z.string(),
      variables: z.record(z.string(), z.string()),
      script: z.array(z.string()),
      artifacts: z.strictObject({ when: z.literal('always'), reports: z.record(z.string(), z.string()) }),
    }),
  })
  .parse(parse(readFileSync(join(ROOT, 'integrations/gitlab/nodeport-gate.gitlab-ci.yml'), 'utf8')));

const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true }))));

/** The job as a runner does it: its lines one after another in one bash, up to the first that fails. */
async function runJob(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Promise<Ended & { readonly cwd: string }> {
  const cwd = await makeRepository(files);
  made.push(cwd);
  const PATH = await pathWith(cwd, { npm: 'echo npm "$@"', 'nodeport-gate': GATE_SCRIPT });
  const script = ['set -eo pipefail', ...job.script].join('\n');
  const env = {
    ...job.variables,
    NODEPORT_GATE_PACKAGE: 'nodeport-gate.tgz',
    ...variables,
    PATH,
    CI: 'true',
    GITLAB_CI: 'true',
  };
  return { ...(await runProcess('bash', ['-c', script], { cwd, env })), cwd };
}

const installing = (what: string): string => `npm install --global --no-audit --no-fund ${what}\n`;

describe('the GitLab job', () => {
  it('hands both reports to GitLab, whatever the outcome', () => {
    expect(job.artifacts).toEqual({ when: 'always', reports: { codequality: CODE_QUALITY, junit: JUNIT } });
  });

  it('fails for what is denied, in words and in both reports', async () => {
    const { cwd, ...ended } = await runJob({ 'a/bad.yaml': BAD, 'good.yaml': GOOD });
    expect(ended).toEqual({
      code: 1,
      out: expect.stringContaining(installing('nodeport-gate.tgz') + badInWords('a/bad.yaml')) as unknown,
      err: '',
    });
    expect(JSON.parse(await readFile(join(cwd, CODE_QUALITY), 'utf8'))).toEqual([
      {
        description: `shop/web: ${BAD_MESSAGE}`,
        check_name: 'node-port-range',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        severity: 'critical',
        location: { path: 'a/bad.yaml', lines: { begin: 9 } },
      },
    ]);
    expect(await readFile(join(cwd, JUNIT), 'utf8')).toContain(
      '<testsuites name="nodeport-gate" tests="2" failures="1" errors="0" time="0">',
    );
  });

  it('takes paths, flags and the package from its variables', async () => {
    const { cwd, out, code } = await runJob(
      { 'a/bad.yaml': BAD, 'b/good.yaml': GOOD, 'c/bad.yaml': BAD },
      {
        NODEPORT_GATE_PATHS: 'b c',
        NODEPORT_GATE_FLAGS: '--exit-zero -o sarif --output-file nodeport.sarif',
        NODEPORT_GATE_PACKAGE: 'https://packages.example.com/nodeport-gate-0.1.0.tgz',
      },
    );
    expect({
      code,
      isInstalled: out.startsWith(installing('https://packages.example.com/nodeport-gate-0.1.0.tgz')),
    }).toEqual({ code: 0, isInstalled: true });
    expect(out).toContain('2 objects: 1 allowed, 1 denied; 1 to fix (deny)\n');
    expect((await readdir(cwd)).sort()).toEqual(
      ['.bin', 'a', 'b', 'c', CODE_QUALITY, JUNIT, 'nodeport-gate.yaml', 'nodeport.sarif'].sort(),
    );
  });

  it('ends with 2, and without reports, when nobody says what to install, or npm cannot', async () => {
    const unset = await runJob({ 'bad.yaml': BAD, [JUNIT]: 'old' }, { NODEPORT_GATE_PACKAGE: '' });
    expect([unset.code, unset.err, await readdir(unset.cwd)]).toEqual([
      2,
      'set NODEPORT_GATE_PACKAGE to what npm shall install\n',
      expect.not.arrayContaining([JUNIT]),
    ]);
  });

  it('shows no reports of an earlier run when there are none of this', async () => {
    const { cwd, code } = await runJob(
      { 'bad.yaml': BAD, [CODE_QUALITY]: 'old', [JUNIT]: 'old' },
      { NODEPORT_GATE_FLAGS: '--fail-on=nothing' },
    );
    expect({ code, files: (await readdir(cwd)).sort() }).toEqual({
      code: 2,
      files: ['.bin', 'bad.yaml', 'nodeport-gate.yaml'],
    });
  });
});
