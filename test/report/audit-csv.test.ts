import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIT_FORMATS } from '../../src/report/audit-formats.ts';
import { csvText } from '../../src/report/csv.ts';
import { fullAudit } from './audit-reports.ts';
import { hostileAudit } from './hostile-audits.ts';

const { csv: auditCsv } = AUDIT_FORMATS;

/** Reads RFC 4180, strictly. */
function readCsv(text: string): readonly (readonly string[])[] {
  const record = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const rows: string[][] = [[]];
  while (record.lastIndex < text.length) {
    const match = record.exec(text);
    if (match === null) throw new Error(`no CSV: ${JSON.stringify(text)}`);
    const [, quoted, plain = '', end] = match;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('auditCsv', () => {
  it('has a row for each port, squatter and host port, by number', () => {
    expect(auditCsv(fullAudit()).split('\r\n')).toMatchInlineSnapshot(`
      [
        "kind,node_port,protocol,namespace,name,port,type,pool,contact,sources,external_traffic_policy,answering_nodes,silent_nodes,marks,others,findings,created",
        "port,8080,TCP,ops,old,http,,,,,,,,"outside-range, unowned",,,",
        "port,30104,TCP,erp,gateway,https,NodePort,shop,shop@example.com,"10.0.0.0/8, 192.168.0.0/16",,,,shared,shop/web,,2025-02-03T04:05:06Z",
        "port,30104,TCP,shop,web,http,NodePort,shop,shop@example.com,,Cluster,,,"shared, open-to-world",erp/gateway,"node-port-conflict (deny), source-cidrs (warn)",",
        "squatter,30104,TCP,lab,bait,80,ExternalName,shop,shop@example.com,,,,,,"erp/gateway, shop/web",,",
        "port,30110,TCP,shop,lb,443,LoadBalancer,shop,shop@example.com,0.0.0.0/0,Local,"n1, n2","n3, n4, n5, n6","open-to-world, load-balancer",,,",
        "host-port,30110,TCP,ops,proxy,hostPort,DaemonSet,,,,,,,,shop/lb,"host-port (deny), local-endpoints (undetermined)",",
        "port,30111,TCP,shop,lb,healthCheck,LoadBalancer,shop,shop@example.com,0.0.0.0/0,Local,"n1, n2","n3, n4, n5, n6",health-check,,,",
        "port,30300,UDP,ops,dns,dns,,,,,,,,unowned,,,",
        "squatter,30500,TCP,lab,idle,80,ClusterIP,,,,,,,,,,",
        "host-port,30999,UDP,ops,probe-1,hostNetwork,Pod,,,,,,,,,,",
        "",
      ]
    `);
  });

  it('is CSV with one width, without formulas or lines of others, whatever is in it', () => {
    fc.assert(
      fc.property(hostileAudit, (report) => {
        const text = auditCsv(report);
        const rows = readCsv(text);
        const { ports, squatters, hostPorts } = report.map;
        expect(rows).toHaveLength(1 + ports.length + squatters.length + hostPorts.length);
        expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([17]));
        expect(rows.flat().filter((cell) => /^\s*[=+\-@]|[\u0000-\u001f]/.test(cell))).toEqual([]);
      }),
    );
  });
});

describe('csvText', () => {
  it.each([
    ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
    ['+1', "'+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "'  =1"],
    ['＝1', "'＝1"],
    ['\t=1', String.raw`'\u0009=1`],
    ['\r=1', String.raw`'\u000d=1`],
    ['a\nb', String.raw`a\u000ab`],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    [' padded ', '" padded "'],
    ['a=1', 'a=1'],
    ['30104', '30104'],
    [-5, '-5'],
    ['', ''],
    [undefined, ''],
  ])('writes %j as %s', (cell, expected) => {
    expect(csvText(['a', 'b'], [[cell, 1]])).toBe(`a,b\r\n${expected},1\r\n`);
  });
});
