import type { InputProblem } from '../domain/source.ts';
import { escaped } from '../domain/text.ts';
import { problemPlace } from './remarks.ts';

/** `FILE:LINE:COLUMN: MESSAGE`, as far as the place is known: the form that editors and terminals turn into a link. */
export function describeProblemAt(problem: InputProblem): string {
  return escaped(`${problemPlace(problem)}: ${problem.message}`);
}
