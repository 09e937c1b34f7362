import { useCallback, useEffect, useState } from 'preact/hooks';
import { readHash, type ViewState, writeHash } from '../model/view-state.ts';

/** A step can be taken back with the browser's own button; a refinement (a letter typed) replaces what was there. */
export type Move = 'step' | 'refine';

/** What is looked at, as the hash of the address says, and how to look at something else. */
export function useViewState(): readonly [ViewState, (view: ViewState, move: Move) => void] {
  const [view, setView] = useState(() => readHash(location.hash));
  useEffect(() => {
    const follow = (): void => setView(readHash(location.hash));
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, []);
  const show = useCallback((next: ViewState, move: Move) => {
    const address = writeHash(next) || location.pathname + location.search;
    if (move === 'step') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    setView(next);
  }, []);
  return [view, show];
}
