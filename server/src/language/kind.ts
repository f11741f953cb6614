import type { Statement } from './ast';

/** A statement's kind in words, as a person would call it: 'CREATE TABLE', 'INSERT', 'SHOW TABLES'. */
export function statementKind(root: Statement): string {
  switch (root.kind) {
    case 'QueryStatement':
      return 'SELECT';
    case 'Insert':
      return 'INSERT';
    case 'Update':
      return 'UPDATE';
    case 'Delete':
      return 'DELETE';
    case 'StatementSet':
      return 'STATEMENT SET';
    case 'CreateTable':
      return root.replace ? 'REPLACE TABLE' : 'CREATE TABLE';
    case 'CreateView':
      return 'CREATE VIEW';
    case 'CreateCatalog':
      return 'CREATE CATALOG';
    case 'CreateDatabase':
      return 'CREATE DATABASE';
    case 'CreateFunction':
      return 'CREATE FUNCTION';
    case 'CreateModel':
      return 'CREATE MODEL';
    case 'CreateMaterializedTable':
      return 'CREATE MATERIALIZED TABLE';
    case 'CreateConnection':
      return 'CREATE CONNECTION';
    case 'DropObject':
      return `DROP ${root.object}`;
    case 'AlterTable':
      return root.materialized ? 'ALTER MATERIALIZED TABLE' : 'ALTER TABLE';
    case 'AlterObject':
      return `ALTER ${root.object}`;
    case 'SetOption':
      return 'SET';
    case 'ResetOption':
      return 'RESET';
    case 'Use':
      return root.object === 'DATABASE' ? 'USE' : `USE ${root.object}`;
    case 'Wrapping':
    case 'Command':
      return root.verb;
    case 'EmptyStatement':
      return 'EMPTY';
    case 'InvalidStatement':
      return 'UNKNOWN';
  }
}
