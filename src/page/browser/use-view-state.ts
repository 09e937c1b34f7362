import { useCallback, useEffect, useState } from 'preact/hooks';
import { readHash, type ViewState, writeHash } from '../model/view-state.ts';

/**
 * A step can be taken back with the browser's own button; a refinement (a letter typed) replaces what was there. Opening a
 * card is a step, and closing it takes that one back.
 */
export type Move = 'step' | 'refine' | 'open' | 'close';

export type Show = (view: ViewState, move: Move) => void;

/** What is looked at, as the hash of the address says, and how to look at something else. */
export function useViewState(): readonly [ViewState, Show] {
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
    setView(next);
    try {
      remember(next, move);
    } catch {
      // In a frame of a mail or of another page, the address may not be changed: then it says less, and all else works.
    }
  }, []);
  return [view, show];
}

const OF_CARD = { card: true };

function remember(view: ViewState, move: Move): void {
  // Not from its parts: an address may have no path.
  const address = location.href.replace(/#[^]*$/, '') + writeHash(view);
  const state: unknown = history.state;
  if (move === 'close' && isOfCard(state)) history.back();
  else if (move === 'step' || move === 'open') history.pushState(move === 'open' ? OF_CARD : null, '', address);
  else history.replaceState(null, '', address);
}

function isOfCard(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'card' in state;
}
