import { counted, escaped } from '../../domain/text.ts';
import type { VerdictList } from '../../report/verdict-list.ts';
import { assignedLabel } from '../../report/assignment-text.ts';
import type { GateAnswer } from './gate-answer.ts';

/** One sentence to look at, and for screen readers to announce. */
export interface AnswerSummary {
  readonly outcome: 'allowed' | 'denied' | 'unreadable' | 'silent';
  readonly text: string;
}

export function answerSummary(answer: GateAnswer): AnswerSummary {
  switch (answer.kind) {
    case 'verdicts':
      return listSummary(answer.list);
    case 'refused':
      return { outcome: 'unreadable', text: 'This cannot be judged' };
    case 'silent':
      return { outcome: 'silent', text: `The gate does not answer: ${escaped(answer.message)}` };
  }
}

function listSummary({ summary, items }: VerdictList): AnswerSummary {
  const { denied, findings } = summary;
  const parts = [
    ...(findings.deny > 0 ? [`${findings.deny} to fix`] : []),
    ...(findings.warn > 0 ? [counted(findings.warn, 'warning')] : []),
    ...(denied === 0 ? portsOf(items) : []),
  ];
  return {
    outcome: denied > 0 ? 'denied' : 'allowed',
    text: [verdictOf(summary), parts.join(', ')].filter((part) => part !== '').join(': '),
  };
}

function verdictOf({ objects, allowed, denied }: VerdictList['summary']): string {
  if (objects === 0) return 'Nothing to judge';
  if (objects === 1) return denied > 0 ? 'Denied' : 'Allowed';
  return [...(allowed > 0 ? [`${allowed} allowed`] : []), ...(denied > 0 ? [`${denied} denied`] : [])].join(', ');
}

/** The numbers, as long as they can be taken in. */
function portsOf(items: VerdictList['items']): readonly string[] {
  const assigned = items.flatMap((item) => item.assigned);
  if (assigned.length > 3) return [counted(assigned.length, 'port')];
  return assigned.map(({ port, nodePort }) => `${assignedLabel(port)} is port ${nodePort}`);
}
