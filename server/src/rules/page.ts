import { rules } from './index';

/** The page of rules, docs/rules.md, as Markdown. Written by scripts/rules-page.ts. */
export function rulesPage(): string {
  const confirms = {
    syntax: "Flink's parser",
    semantics: "Flink's planner",
    options: "the connector's factory",
    hint: 'nobody: our advice',
  } as const;
  const table = rules.map((r) => `| [\`${r.code}\`](#${r.code}) | ${r.severity} | ${confirms[r.origin]} |`);
  const sections = rules.map((r) => `## ${r.code}\n\n${r.explanation}\n\n\`\`\`sql\n${r.example}\n\`\`\`\n`);
  return [
    '# Findings',
    '',
    'What the extension tells about a script beyond its syntax. Generated from `server/src/rules/`; write it again with',
    '`node test/tool.mjs scripts/rules-page.ts`.',
    '',
    '| Code | Severity | Confirmed by |',
    '| --- | --- | --- |',
    ...table,
    '',
    ...sections,
  ].join('\n');
}
