import { rules } from './index';
import { syntaxCodes } from './syntax';

/** The page of rules, docs/rules.md, as Markdown. Written by scripts/rules-page.ts. */
export function rulesPage(): string {
  const confirms = {
    syntax: "Flink's parser",
    semantics: "Flink's planner",
    options: "the connector's factory",
    metadata: 'Atlas, or the workspace catalog',
    hint: 'nobody: our advice',
  } as const;
  const table = rules.map((r) => `| [\`${r.code}\`](#${r.code}) | ${r.severity} | ${confirms[r.origin]} |`);
  const sections = rules.map((r) => `## ${r.code}\n\n${r.explanation}\n\n\`\`\`sql\n${r.example}\n\`\`\`\n`);
  const syntax = Object.entries(syntaxCodes).map(([code, explanation]) => `## ${code}\n\n${explanation}\n`);
  return [
    '# Findings',
    '',
    '<!-- Generated from server/src/rules/ by node test/tool.mjs scripts/rules-page.ts -->',
    '',
    'What the extension tells about a script, by its code.',
    '',
    'The setting `flinkSql.rules` says how each is told: `error`, `warning`, `info`, `hint` or `off`, for example',
    '`"flinkSql.rules": { "unused-table": "off" }`. A comment silences findings of one line: at its end or alone above it,',
    '`-- flink-sql: ignore unused-table`, several codes with commas between, or none for all. Quick fixes write both.',
    '[Errors of syntax](#errors-of-syntax) cannot be set or silenced: what Flink cannot read has no meaning to check.',
    '',
    '| Code | Severity | Confirmed by |',
    '| --- | --- | --- |',
    ...table,
    '',
    ...sections,
    '# Errors of syntax',
    '',
    "Where Flink's own parser stops, so that the statement does not run.",
    '',
    ...syntax,
  ].join('\n');
}
