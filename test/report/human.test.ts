import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { humanReport } from '../../src/report/human.ts';
import type { ReportStyle } from '../../src/report/report-style.ts';
import { verdictList } from '../../src/report/verdict-list.ts';
import { checkReport, fullReport, region } from './check-reports.ts';
import { hostileReport } from './hostile-reports.ts';
import { finding, POLICY_HASH, reported } from './reported.ts';

const PLAIN: ReportStyle = { color: false, failOn: 'deny', program: 'nodeport-gate', flags: [] };

const audited = reported('web', {
  findings: [
    finding({ enforcement: 'audit', exception: 'legacy-erp' }),
    finding({ enforcement: 'audit', suppressed: 'agreed with network' }),
    finding({ enforcement: 'audit', message: 'known' }),
  ],
});
const AUDITED = {
  ...audited,
  isFixable: true,
  locate: () => region('web.yaml', 12, 17),
  isInBaseline: ({ message }: { readonly message: string }) => message === 'known',
};
const WARNED = reported('web', { findings: [finding({ enforcement: 'warn', alreadyThere: true })] });

const POLICY = 'policy sha256:0123456789ab';
const WARNED_LINES = [
  '  shop/web: allowed',
  `    warn  ${finding().message}  [node-port-range]`,
  '        it was like this before the change, so it does not deny',
  '',
];
const RECORDED = '3 only recorded (1 excused, 1 suppressed, 1 known to the baseline)';
const KNOWN = `nothing new; what ${POLICY} objects to was there when the baseline was made`;

describe('humanReport', () => {
  it('shows what is wrong where, what could not be read, and the counts', () => {
    expect(humanReport(fullReport(), PLAIN)).toMatchInlineSnapshot(`
      "deploy/web.yaml
        shop/web: denied
          deploy/web.yaml:12:17  deny  spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool team-a); use 30104, 30117 or 30142  [node-port-range]
             12 |       nodePort: 29999
                |                 ^^^^^
          deploy/web.yaml:15:14  deny  spec.ports[1].nodePort: 30104 is held by erp/gateway (https/TCP); use 30117 or 30142  [node-port-conflict]
             15 |     - nodePort: 30104 # held
                |                 ^^^^^
              held by erp/gateway: deploy/erp gateway.yaml:9:17
          deploy/web.yaml:3:31  warn  spec.externalTrafficPolicy: Cluster hides the client; use Local  [external-traffic-policy]
              3 | spec: {externalTrafficPolicy: Cluster}
                |                               ^^^^^^^
          deploy/web.yaml:1:1  warn  not all Services are known; give --inventory  [node-port-conflict]
          port  admin/TCP 30142 from pool shop (chosen by the hash of its name: the same again, as long as it is free)
          set   spec.allocateLoadBalancerNodePorts to false

        shop/soon: allowed
          note  exception legacy-erp ends on 2027-03-31; renew it or change the Service

      could not be read
          broken.yaml:2:7  error  the list that begins here has no end; close it with ]
              2 | kind: [Service
                |       ^
          photo.yaml  error  is binary; leave it out with --exclude

      4 objects: 3 allowed, 1 denied; 4 documents skipped; 2 to fix (deny); 1 warning; 1 undetermined; 2 only recorded (1 excused, 1 known to the baseline); 2 problems with the input
      1 finding can be put right: nodeport-gate fix deploy/web.yaml
      failed: not everything could be read, so this is not the whole answer; see "could not be read"
      "
    `);
  });

  it('is coloured for terminals, and nothing else changes', () => {
    const coloured = humanReport(fullReport(), { ...PLAIN, color: true });
    expect(coloured.replaceAll(/\u001b\[[\d;]+m/g, '')).toBe(humanReport(fullReport(), PLAIN));
    const visible = coloured.replaceAll('\u001b', '~').split('\n').slice(0, 5);
    expect(visible).toEqual([
      '~[1mdeploy/web.yaml~[0m',
      '  shop/web: ~[1;31mdenied~[0m',
      `    ~[1mdeploy/web.yaml:12:17~[0m  ~[1;31mdeny~[0m  ${finding().message}  ~[2m[node-port-range]~[0m`,
      '~[2m       12 |~[0m       nodePort: 29999',
      '~[2m          |~[0m ~[1;31m                ^^^^^~[0m',
    ]);
  });

  it.each([
    ['nothing', [], PLAIN, ['0 objects: 0 allowed, 0 denied', `nothing that matters to ${POLICY} was found`]],
    [
      'a clean run',
      [reported('web', {}), reported('api', {})],
      PLAIN,
      ['2 objects: 2 allowed, 0 denied', `allowed by ${POLICY}`],
    ],
    [
      'warnings that do not fail',
      [WARNED],
      PLAIN,
      [...WARNED_LINES, '1 object: 1 allowed, 0 denied; 1 warning', `allowed by ${POLICY}`],
    ],
    [
      'warnings that fail',
      [WARNED],
      { ...PLAIN, failOn: 'warn' as const },
      [
        ...WARNED_LINES,
        '1 object: 1 allowed, 0 denied; 1 warning',
        `failed: ${POLICY} warns, and warnings are to fail; fix what is marked warn`,
      ],
    ],
    [
      'what is only recorded, where there is nothing else',
      [AUDITED],
      PLAIN,
      [
        'web.yaml',
        '  shop/web: allowed',
        `    web.yaml:12:17  audit  ${finding().message}  [node-port-range]`,
        '        excused by exception legacy-erp',
        `    web.yaml:12:17  audit  ${finding().message}  [node-port-range]`,
        '        suppressed by its own annotation: agreed with network',
        '',
        `1 object: 1 allowed, 0 denied; ${RECORDED}`,
        KNOWN,
      ],
    ],
    [
      'only the count of what is recorded, beside others',
      [AUDITED, WARNED],
      PLAIN,
      [...WARNED_LINES, `2 objects: 2 allowed, 0 denied; 1 warning; ${RECORDED}`, KNOWN],
    ],
    [
      'a denial',
      [reported('web', { findings: [finding()] })],
      PLAIN,
      [
        '  shop/web: denied',
        `    deny  ${finding().message}  [node-port-range]`,
        '',
        '1 object: 0 allowed, 1 denied; 1 to fix (deny)',
        `denied by ${POLICY}; fix what is marked deny`,
      ],
    ],
  ])('shows %s', (_, items, style, expected) => {
    expect(humanReport(checkReport(items), style)).toBe(`${expected.join('\n')}\n`);
  });

  it.each([
    [['a.yaml'], '1 finding can be put right: nodeport-gate fix a.yaml'],
    [["it's a.yaml", '-x'], "2 findings can be put right at once: nodeport-gate fix 'it'\\''s a.yaml' ./-x"],
    [['a', 'b', 'c', 'd', 'e', 'f'], '6 findings can be put right at once: nodeport-gate fix PATH…'],
  ])('tells how to put %j right', (files, expected) => {
    const items = files.map((file) => ({
      ...reported('web', { findings: [finding({ fix: { path: ['spec'], value: undefined } })] }),
      isFixable: true,
      locate: () => region(file, 1, 1),
    }));
    expect(humanReport(checkReport(items), PLAIN).split('\n').at(-3)).toBe(expected);
  });

  it('puts an object where it stands, if the report says so', () => {
    const { items, ...rest } = verdictList([reported('web', { notices: ['exception x ends soon'] })], POLICY_HASH);
    const placed = items.map((item) => ({ ...item, source: region('a.yaml', 3, 1) }));
    const report = { ...checkReport([]), list: { ...rest, items: placed } };
    expect(humanReport(report, PLAIN).split('\n').slice(0, 3)).toEqual([
      'a.yaml',
      '  shop/web: allowed',
      '    note  exception x ends soon',
    ]);
  });

  it('lets nothing forge a line, move the cursor or give orders to CI', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const lines = humanReport(report, PLAIN).split('\n');
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\ud800-\udfff]/u);
        expect(lines.filter((line) => /^\s*::|##[\w-]*\[/.test(line))).toEqual([]);
      }),
    );
  });
});
