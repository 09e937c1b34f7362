import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type Playground = ComponentType<{ readonly baseUrl: string; readonly isChosen: boolean }>;

export interface PlaygroundTabProps {
  readonly isLive: boolean;
  /** Whether it is the tab that is open. */
  readonly isChosen: boolean;
}

/** The playground asks a gate, so a page without one says how to get one. Its editor is made when it is first needed. */
export function PlaygroundTab({ isLive, isChosen }: PlaygroundTabProps): VNode {
  const [playground, setPlayground] = useState<{ readonly Component: Playground }>();
  useEffect(() => {
    if (!isLive) return;
    void import('../playground/playground.tsx').then(({ Playground: Component }) => setPlayground({ Component }));
  }, [isLive]);
  if (!isLive) return <WithoutGate />;
  if (playground === undefined) return <p class="empty">Making the editor …</p>;
  return <playground.Component baseUrl={new URL('.', location.href).href} isChosen={isChosen} />;
}

function WithoutGate(): VNode {
  return (
    <section class="prose" aria-labelledby="without-gate">
      <h2 id="without-gate">The playground needs a gate to ask</h2>
      <p>
        This page is a report: it shows one audit, and asks nobody. For the verdict on a manifest as you type it, open
        the page of a gate.
      </p>
      <h3>On this machine</h3>
      <pre>nodeport-gate serve</pre>
      <h3>In a cluster</h3>
      <pre>kubectl port-forward -n nodeport-gate deployment/nodeport-gate 9091</pre>
      <p>Then open http://127.0.0.1:9091/ in a browser.</p>
    </section>
  );
}
