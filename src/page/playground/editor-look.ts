import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/**
 * Everything that CodeMirror would draw in colours of its own takes those of the page, whose custom properties reach into
 * the shadow root. Levels have a glyph each, and no picture is loaded.
 */
const THEME = EditorView.theme({
  '&': {
    color: 'var(--ink)',
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--edge)',
    borderRadius: '6px',
    fontSize: '0.875rem',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.5',
    minHeight: '16rem',
    maxHeight: '70vh',
    borderRadius: '6px',
  },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.5rem 0' },
  '.cm-gutters': {
    color: 'var(--muted)',
    backgroundColor: 'var(--raised)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--lit)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--muted)' },
  '.cm-specialChar': { color: 'var(--shared)' },
  '.cm-lintRange': { backgroundImage: 'none', paddingBottom: '0' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--shared)' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--warn)' },
  '.cm-lintRange-info': { textDecoration: 'underline dotted var(--muted)' },
  '.cm-lintRange-active': { backgroundColor: 'var(--lit)' },
  '.cm-lintPoint:after': { display: 'none' },
  '.cm-lint-marker': { content: 'normal', textAlign: 'center', fontWeight: 'bold', lineHeight: '1.3' },
  '.cm-lint-marker-error:before': { content: '"✕"', color: 'var(--shared)' },
  '.cm-lint-marker-warning:before': { content: '"!"', color: 'var(--warn)' },
  '.cm-lint-marker-info:before': { content: '"i"', color: 'var(--muted)' },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--paper)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    maxWidth: 'min(32rem, 90vw)',
    overflowWrap: 'anywhere',
  },
  '.cm-tooltip .cm-diagnostic': { whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--shared)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--muted)' },
  '.cm-diagnosticSource': { opacity: '1', color: 'var(--muted)', fontSize: '0.75rem' },
  // All fields of a Service at once, where there is room: who reads the list with the keyboard cannot scroll it.
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    lineHeight: '1.4',
    maxWidth: '80vw',
    maxHeight: 'min(28rem, 70vh)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'var(--paper)', background: 'var(--accent)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: 'bold' },
  '.cm-tooltip.cm-completionInfo': { padding: '0.5rem', maxWidth: '20rem' },
  '.cm-tooltip-hover .word': { padding: '0.5rem' },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--paper)', borderColor: 'var(--line)' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--lit)' },
  '.cm-panel.cm-panel-lint button[name=close]': { color: 'var(--ink)' },
});

const WORDS = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--code-key)' },
  { tag: tags.string, color: 'var(--code-text)' },
  { tag: tags.lineComment, color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.labelName, tags.keyword, tags.meta], color: 'var(--code-mark)' },
]);

export const EDITOR_LOOK: Extension = [THEME, syntaxHighlighting(WORDS)];
