import { describeJob, type Job, type JobSource } from '../atlas/job';
import type { ParsedStatement } from '../language/script';
import type { OpenDocument } from './document';

/** The job that a document is, statements with errors left out. */
export function jobOf({ text, statements, analysis }: OpenDocument, source: JobSource): Job {
  const hasErrors = ({ problems }: ParsedStatement, index: number) =>
    [...problems, ...(analysis.statements[index]?.problems ?? [])].some(({ severity }) => severity === 'error');
  return describeJob({ text, statements, analysis, source, hasErrors });
}
