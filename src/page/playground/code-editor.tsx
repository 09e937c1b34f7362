import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { RefObject, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { editorHelp } from './editor-help.ts';
import { EDITOR_LOOK } from './editor-look.ts';
import type { SchemaNode } from './schema-node.ts';
import { TYPE_OVER_SELECTION } from './type-over-selection.ts';
import { UNSEEN_CHARACTERS } from './unseen-characters.ts';
import type { Span } from './yaml-tree.ts';

/** What others may do with the editor once it is there. */
export interface EditorHandle {
  text(): string;
  /** Puts the cursor there, and the focus into the editor. */
  goTo(span: Span): void;
  replaceText(text: string): void;
}

export interface CodeEditorProps {
  readonly label: string;
  /** What it begins with; later the text is its own. */
  readonly text: string;
  readonly schema: SchemaNode;
  /** Shown as long as `about` is the text of the editor: places in another text mean nothing. */
  readonly remarks: { readonly about: string; readonly diagnostics: readonly Diagnostic[] };
  readonly onText: (text: string) => void;
  readonly handle: RefObject<EditorHandle | undefined>;
}

/**
 * CodeMirror in a shadow root of its own: there it adopts its styles as constructed sheets, which the policy of the page
 * permits, and outside of it would be a style element, which it forbids. Tab is not bound, so that it leads on.
 */
export function CodeEditor(props: CodeEditorProps): VNode {
  const { remarks } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const current = useRef(props);
  current.current = props;

  useEffect(() => {
    if (host.current === null) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const made = new EditorView({ parent: root, root, state: stateOf(current) });
    view.current = made;
    props.handle.current = handleOf(made);
    return () => {
      props.handle.current = undefined;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    const { current: shown } = view;
    if (shown === undefined || shown.state.sliceDoc() !== remarks.about) return;
    shown.dispatch(setDiagnostics(shown.state, [...remarks.diagnostics]));
  }, [remarks]);

  return <div class="typed" ref={host} />;
}

function stateOf(current: RefObject<CodeEditorProps>): EditorState {
  const { text, label } = current.current;
  const extensions: readonly Extension[] = [
    lineNumbers(),
    lintGutter(),
    history(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    yaml(),
    editorHelp(() => current.current.schema),
    TYPE_OVER_SELECTION,
    UNSEEN_CHARACTERS,
    EDITOR_LOOK,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label }),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) current.current.onText(state.sliceDoc());
    }),
  ];
  return EditorState.create({ doc: text, extensions: [...extensions] });
}

function handleOf(view: EditorView): EditorHandle {
  return {
    text: () => view.state.sliceDoc(),
    goTo: ({ from, to }) => {
      const { length } = view.state.doc;
      const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
      view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) });
      view.focus();
    },
    replaceText: (text) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
      view.focus();
    },
  };
}
