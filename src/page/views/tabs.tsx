import type { ComponentChildren, VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type Tab, TABS } from '../model/view-state.ts';

const NAMES: Readonly<Record<Tab, string>> = {
  map: 'Map',
  ports: 'Ports',
  findings: 'Findings',
  pools: 'Pools',
  playground: 'Playground',
};

/** Where the focus goes when what had it is no longer there. */
export function focusTab(tab: Tab): void {
  document.getElementById(`tab-${tab}`)?.focus();
}

/** One tab stop; arrow keys go from tab to tab and open them. */
export function TabList({ tab, onChoose }: { readonly tab: Tab; readonly onChoose: (tab: Tab) => void }): VNode {
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = tabAfterKey(tab, event.key);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next);
    focusTab(next);
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={onKeyDown}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls={`panel-${name}`}
          aria-selected={name === tab}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {NAMES[name]}
        </button>
      ))}
    </div>
  );
}

function tabAfterKey(tab: Tab, key: string): Tab | undefined {
  const index = TABS.indexOf(tab);
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowRight: (index + 1) % TABS.length,
    Home: 0,
    End: -1,
  };
  const target = targets[key];
  return target === undefined ? undefined : TABS.at(target);
}

interface TabPanelProps {
  readonly tab: Tab;
  readonly chosen: Tab;
  /** Stays when another tab is opened, so that what was typed into it is not lost. */
  readonly isKept?: boolean;
  readonly children: ComponentChildren;
}

/** Its content is made when it is first opened. */
export function TabPanel({ tab, chosen, isKept = false, children }: TabPanelProps): VNode {
  const isChosen = tab === chosen;
  const wasChosen = useRef(false);
  wasChosen.current ||= isChosen;
  return (
    <div role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} hidden={!isChosen}>
      {(isChosen || (isKept && wasChosen.current)) && children}
    </div>
  );
}
