import type { ComponentChildren, VNode } from 'preact';
import { shortHash } from '../../report/short-hash.ts';
import { useScheme } from '../browser/use-scheme.ts';
import type { Atlas } from '../model/atlas.ts';
import { type Connection, connectionText } from '../model/connection.ts';
import { clockTime, moment } from '../model/moment.ts';

export interface HeaderProps {
  readonly atlas: Atlas | undefined;
  readonly connection: Connection;
  readonly isLive: boolean;
  readonly children: ComponentChildren;
}

/** What this is, what it speaks of and as of when, and whether it still hears from the gate. */
export function Header({ atlas, connection, isLive, children }: HeaderProps): VNode {
  const [scheme, toggleScheme] = useScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <header>
      <div class="masthead">
        <h1>
          <span class="logo" aria-hidden="true" />
          nodeport-gate
        </h1>
        {atlas !== undefined && <Provenance atlas={atlas} connection={connection} isLive={isLive} />}
        <button type="button" class="scheme" onClick={toggleScheme} aria-label={`Switch to ${other} colours`}>
          <span aria-hidden="true">{scheme === 'dark' ? '\u2600' : '\u263e'}</span>
        </button>
      </div>
      <p class="lost" role="status">
        {atlas === undefined ? undefined : connectionText(connection)}
      </p>
      {children}
    </header>
  );
}

function Provenance({ atlas, connection, isLive }: Omit<HeaderProps, 'children'> & { readonly atlas: Atlas }): VNode {
  const { policy, range, auditedAt } = atlas.map;
  const { answeredAt } = connection;
  return (
    <dl class="provenance">
      <Item label="Range">{range}</Item>
      <Item label="Policy">{policy === undefined ? 'none in force' : <Hash hash={policy.hash} />}</Item>
      {isLive && <Item label="Holders as of">{answeredAt === undefined ? 'not known' : clockTime(answeredAt)}</Item>}
      <Item label={isLive ? 'Audit as of' : 'As of'}>{auditedAt === undefined ? 'none yet' : moment(auditedAt)}</Item>
    </dl>
  );
}

function Hash({ hash }: { readonly hash: string }): VNode {
  return <code title={hash}>{shortHash(hash)}</code>;
}

function Item({ label, children }: { readonly label: string; readonly children: VNode | string }): VNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
