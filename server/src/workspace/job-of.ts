import { describeJob, type Job, type JobSource } from '../atlas/job';
import type { Severity } from '../language/problem';
import type { ParsedStatement } from '../language/script';
import type { OpenDocument } from './document';

/** The job that a document is, statements with errors left out. */
export function jobOf({ text, statements, analysis, businessMetadata }: OpenDocument, source: JobSource): Job {
  const count =
    (wanted: Severity) =>
    ({ problems }: ParsedStatement, index: number) =>
      [...problems, ...(analysis.statements[index]?.problems ?? [])].filter(({ severity }) => severity === wanted)
        .length;
  const errors = count('error');
  const hasErrors = (statement: ParsedStatement, index: number) => errors(statement, index) > 0;
  const job = describeJob({ text, statements, analysis, source, hasErrors, warnings: count('warning') });
  return businessMetadata ? { ...job, businessTemplates: businessMetadata } : job;
}
