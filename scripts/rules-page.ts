// Writes what is generated from the rules: docs/rules.md, and the setting in package.json.
// node test/tool.mjs scripts/rules-page.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesPage } from '../server/src/rules/page';
import { rulesSetting } from '../server/src/rules/setting';

const root = process.env.FLINK_SQL_ROOT ?? '.';
writeFileSync(join(root, 'docs', 'rules.md'), rulesPage());
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
manifest.contributes.configuration.properties['flinkSql.rules'] = rulesSetting();
writeFileSync(join(root, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
