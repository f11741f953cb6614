/** Every kind of finding beyond syntax, for settings and for the page of rules. */
import * as aggregateNotAllowed from './aggregate-not-allowed';
import * as ambiguousColumn from './ambiguous-column';
import * as appendOnlySink from './append-only-sink';
import * as argumentCount from './argument-count';
import * as argumentTypes from './argument-types';
import * as castTypes from './cast-types';
import * as changingInput from './changing-input';
import * as collection from './collection';
import * as conditionType from './condition-type';
import * as constraint from './constraint';
import * as defaultValue from './default-value';
import * as deprecatedOption from './deprecated-option';
import * as duplicateAlias from './duplicate-alias';
import * as duplicateColumn from './duplicate-column';
import * as duplicateObject from './duplicate-object';
import * as governanceClassified from './governance-classified';
import * as governanceDeprecated from './governance-deprecated';
import * as groupWindow from './group-window';
import * as hintTable from './hint-table';
import * as ignoreComment from './ignore-comment';
import * as implicitConversion from './implicit-conversion';
import * as insertArity from './insert-arity';
import * as insertType from './insert-type';
import * as intervalPrecision from './interval-precision';
import * as joinConditionTypes from './join-condition-types';
import * as joinState from './join-state';
import * as matchFunction from './match-function';
import * as missingOption from './missing-option';
import * as modelArguments from './model-arguments';
import * as nondeterministicKey from './nondeterministic-key';
import * as notGrouped from './not-grouped';
import * as operatorTypes from './operator-types';
import * as optionValue from './option-value';
import * as orderByDistinct from './order-by-distinct';
import * as plainPassword from './plain-password';
import * as primaryKey from './primary-key';
import * as readsOwnSink from './reads-own-sink';
import type { Rule } from './rule';
import * as schemaDrift from './schema-drift';
import * as setOperationMismatch from './set-operation-mismatch';
import * as since from './since';
import * as starIntoSink from './star-into-sink';
import * as streamOrder from './stream-order';
import * as subqueryColumns from './subquery-columns';
import * as tableFunction from './table-function';
import * as temporalJoin from './temporal-join';
import * as temporaryFunction from './temporary-function';
import * as unknownColumn from './unknown-column';
import * as unknownFunction from './unknown-function';
import * as unknownHint from './unknown-hint';
import * as unknownObject from './unknown-object';
import * as unknownOption from './unknown-option';
import * as unknownQualifier from './unknown-qualifier';
import * as unknownTable from './unknown-table';
import * as unknownType from './unknown-type';
import * as untypedNull from './untyped-null';
import * as unusedTable from './unused-table';
import * as upsertPrimaryKey from './upsert-primary-key';
import * as viewColumns from './view-columns';
import * as viewHint from './view-hint';
import * as watermark from './watermark';
import * as windowArguments from './window-arguments';
import * as windowTimeColumn from './window-time-column';

export const rules: readonly Rule[] = [
  unknownTable,
  unknownColumn,
  unknownFunction,
  unknownObject,
  unknownQualifier,
  ambiguousColumn,
  argumentCount,
  argumentTypes,
  notGrouped,
  aggregateNotAllowed,
  groupWindow,
  conditionType,
  duplicateAlias,
  operatorTypes,
  castTypes,
  joinConditionTypes,
  viewColumns,
  setOperationMismatch,
  orderByDistinct,
  intervalPrecision,
  windowTimeColumn,
  collection,
  subqueryColumns,
  windowArguments,
  modelArguments,
  tableFunction,
  matchFunction,
  unknownHint,
  hintTable,
  temporalJoin,
  unknownType,
  insertArity,
  insertType,
  appendOnlySink,
  changingInput,
  duplicateColumn,
  duplicateObject,
  constraint,
  temporaryFunction,
  since,
  untypedNull,
  defaultValue,
  viewHint,
  primaryKey,
  watermark,
  unknownOption,
  missingOption,
  optionValue,
  upsertPrimaryKey,
  deprecatedOption,
  plainPassword,
  implicitConversion,
  streamOrder,
  readsOwnSink,
  joinState,
  nondeterministicKey,
  unusedTable,
  starIntoSink,
  schemaDrift,
  governanceClassified,
  governanceDeprecated,
  ignoreComment,
].map((module) => module.rule);

/** The codes of all of them. */
export const codes: ReadonlySet<string> = new Set(rules.map(({ code }) => code));
