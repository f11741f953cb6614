// Writes docs/rules.md: node test/tool.mjs scripts/rules-page.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesPage } from '../server/src/rules/page';

writeFileSync(join(process.env.FLINK_SQL_ROOT ?? '.', 'docs', 'rules.md'), rulesPage());
