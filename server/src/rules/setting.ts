import { rules } from './index';

/** The values of the setting `flinkSql.rules`, most severe first. */
export const levels = ['error', 'warning', 'info', 'hint', 'off'] as const;

/**
 * The setting `flinkSql.rules` as package.json declares it: VS Code completes its codes and explains them. Written by
 * scripts/rules-page.ts.
 */
export function rulesSetting(): object {
  const properties = Object.fromEntries(
    [...rules]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ code, severity, explanation }) => [
        code,
        {
          type: 'string',
          enum: levels,
          default: severity === 'information' ? 'info' : severity,
          markdownDescription: explanation,
        },
      ]),
  );
  return {
    type: 'object',
    default: {},
    scope: 'window',
    order: 8,
    markdownDescription:
      'How findings are told, by their code: `error`, `warning`, `info`, `hint` or `off`, for example `{ "unused-table": "off" }`. Errors of syntax cannot be set: a statement that Flink cannot read has no meaning to check. A comment `-- flink-sql: ignore unused-table` at the end of a line, or alone above it, silences a finding there.',
    additionalProperties: false,
    properties,
  };
}
