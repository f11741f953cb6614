/**
 * The typed syntax tree of Flink SQL. Every node carries its range as UTF-16 offsets into the text of its own
 * statement (never of the document), so a statement keeps its tree when the text before it changes.
 * The tree is made by `parser.ts` and is never mutated afterwards. What the parser could not find is present as an
 * empty node (`Identifier` with name '' or `MissingExpression`), so consumers need no null checks for required parts.
 */
export interface NodeBase {
  readonly start: number;
  readonly end: number;
}

/** One part of a name. `name` is the value after unquoting; `quoted` when it was written in backticks. */
export interface Identifier extends NodeBase {
  readonly kind: 'Identifier';
  readonly name: string;
  readonly quoted: boolean;
}

/** A possibly qualified name: catalog.database.object, or fewer parts. */
export interface Name extends NodeBase {
  readonly kind: 'Name';
  readonly parts: readonly Identifier[];
}

// ---------------------------------------------------------------------------------------------- expressions

export interface StringLiteral extends NodeBase {
  readonly kind: 'StringLiteral';
  /** The value after unescaping doubled quotes and U&'' escapes. */
  readonly value: string;
}
export interface NumberLiteral extends NodeBase {
  readonly kind: 'NumberLiteral';
  /** As written: '1', '1.0', '1e3'. Exact or approximate follows from the text. */
  readonly text: string;
}
export interface BooleanLiteral extends NodeBase {
  readonly kind: 'BooleanLiteral';
  /** null for UNKNOWN */
  readonly value: boolean | null;
}
export interface NullLiteral extends NodeBase {
  readonly kind: 'NullLiteral';
}
/** X'0A' */
export interface BinaryLiteral extends NodeBase {
  readonly kind: 'BinaryLiteral';
  readonly hex: string;
}
/** DATE '…', TIME '…', TIMESTAMP '…' and their variants. `type` is the leading keywords in upper case. */
export interface DateTimeLiteral extends NodeBase {
  readonly kind: 'DateTimeLiteral';
  readonly type: string;
  readonly value: string;
}
export interface IntervalQualifier extends NodeBase {
  readonly kind: 'IntervalQualifier';
  /** Upper-case singular time unit: YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE, SECOND, … */
  readonly from: string;
  readonly to?: string;
  readonly precision?: number;
  readonly fraction?: number;
}
export interface IntervalLiteral extends NodeBase {
  readonly kind: 'IntervalLiteral';
  readonly negative: boolean;
  readonly value: Expression;
  readonly qualifier: IntervalQualifier;
}
/** A column, possibly qualified by table, database, catalog, or followed by fields of a ROW: the binder decides which. */
export interface ColumnRef extends NodeBase {
  readonly kind: 'ColumnRef';
  readonly parts: readonly Identifier[];
}
/** `*` or `t.*` in a select list, in COUNT(*), … */
export interface Star extends NodeBase {
  readonly kind: 'Star';
  readonly qualifier: readonly Identifier[];
}
/** `(expr).field` or `a[1].field`: field access on something that is not a plain dotted name. */
export interface FieldAccess extends NodeBase {
  readonly kind: 'FieldAccess';
  readonly operand: Expression;
  readonly field: Identifier;
}
/** `a[1]`, `m['k']` */
export interface IndexAccess extends NodeBase {
  readonly kind: 'IndexAccess';
  readonly operand: Expression;
  readonly index: Expression;
}
/** `op` in upper case: '+', '-', 'NOT', 'PRIOR', … */
export interface Unary extends NodeBase {
  readonly kind: 'Unary';
  readonly op: string;
  readonly operand: Expression;
}
/** `op` in upper case: arithmetic, comparison, AND, OR, ||, IS DISTINCT FROM, MULTISET UNION, OVERLAPS, … */
export interface Binary extends NodeBase {
  readonly kind: 'Binary';
  readonly op: string;
  readonly left: Expression;
  readonly right: Expression;
}
/** `operand IS [NOT] test`; test in upper case: NULL, TRUE, FALSE, UNKNOWN, A SET, EMPTY, JSON, JSON OBJECT, … */
export interface IsTest extends NodeBase {
  readonly kind: 'IsTest';
  readonly operand: Expression;
  readonly negated: boolean;
  readonly test: string;
}
export interface Between extends NodeBase {
  readonly kind: 'Between';
  readonly operand: Expression;
  readonly negated: boolean;
  readonly symmetric: boolean;
  readonly low: Expression;
  readonly high: Expression;
}
/** `x [NOT] IN (…)`; a query is the only element of `values` then, as a Subquery. */
export interface InTest extends NodeBase {
  readonly kind: 'InTest';
  readonly operand: Expression;
  readonly negated: boolean;
  readonly values: readonly Expression[];
}
/** LIKE, SIMILAR TO, ILIKE, RLIKE: `op` as written in upper case without NOT. */
export interface LikeTest extends NodeBase {
  readonly kind: 'LikeTest';
  readonly operand: Expression;
  readonly negated: boolean;
  readonly op: string;
  readonly pattern: Expression;
  readonly escape?: Expression;
}
/** `x = ANY (…)`, `x > ALL (…)`, `x < SOME (…)` */
export interface Quantified extends NodeBase {
  readonly kind: 'Quantified';
  readonly operand: Expression;
  readonly op: string;
  readonly quantifier: 'ANY' | 'ALL' | 'SOME';
  readonly values: readonly Expression[];
}
export interface Exists extends NodeBase {
  readonly kind: 'Exists';
  readonly query: Query;
}
/** A query where a value may stand. */
export interface Subquery extends NodeBase {
  readonly kind: 'Subquery';
  readonly query: Query;
}
export interface CaseWhen extends NodeBase {
  readonly kind: 'CaseWhen';
  /** Several only in the simple form: CASE x WHEN 1, 2 THEN … */
  readonly conditions: readonly Expression[];
  readonly result: Expression;
}
export interface Case extends NodeBase {
  readonly kind: 'Case';
  readonly operand?: Expression;
  readonly whens: readonly CaseWhen[];
  readonly otherwise?: Expression;
}
export interface Cast extends NodeBase {
  readonly kind: 'Cast';
  /** CAST, TRY_CAST, SAFE_CAST, or '::' */
  readonly op: string;
  readonly operand: Expression;
  readonly type: DataType | IntervalQualifier;
  readonly format?: Expression;
}
/**
 * Every function-like form, also those with a grammar of their own (EXTRACT, TRIM, OVERLAY, SUBSTRING … FROM, POSITION … IN,
 * JSON_VALUE, TIMESTAMPADD, CEIL(x TO DAY), …): their keywords stand among `args` as Symbol nodes, in source order.
 */
export interface Call extends NodeBase {
  readonly kind: 'Call';
  readonly name: Name;
  readonly args: readonly Argument[];
  readonly quantifier?: 'DISTINCT' | 'ALL';
  /** ORDER BY inside the parentheses (LISTAGG, JSON_ARRAYAGG, …) */
  readonly argsOrderBy?: readonly OrderItem[];
  readonly withinGroup?: readonly OrderItem[];
  readonly withinDistinct?: readonly Expression[];
  readonly filter?: Expression;
  readonly nulls?: 'IGNORE' | 'RESPECT';
  readonly over?: WindowSpec | Identifier;
  /** false for CURRENT_TIMESTAMP and its like, written without parentheses */
  readonly parenthesised: boolean;
}
/** A keyword that stands as an argument: BOTH, FROM, DAY, NULL ON NULL, … In upper case. */
export interface KeywordArg extends NodeBase {
  readonly kind: 'KeywordArg';
  readonly text: string;
}
/** `name => value` */
export interface NamedArg extends NodeBase {
  readonly kind: 'NamedArg';
  readonly name: Identifier;
  readonly value: Expression | TableArg | ModelArg | KeywordArg;
}
/** `TABLE t`, `TABLE(query)`, `(query)` as an argument of a table function, with its partitioning and order. */
export interface TableArg extends NodeBase {
  readonly kind: 'TableArg';
  readonly source: TableRef | Query;
  readonly partitionBy?: readonly Expression[];
  readonly orderBy?: readonly OrderItem[];
}
/** `MODEL m` */
export interface ModelArg extends NodeBase {
  readonly kind: 'ModelArg';
  readonly name: Name;
}
export type Argument = Expression | KeywordArg | NamedArg | TableArg | ModelArg;

/** `ROW(a, b)` or `(a, b)`; `explicit` when ROW was written */
export interface RowConstructor extends NodeBase {
  readonly kind: 'RowConstructor';
  readonly explicit: boolean;
  readonly items: readonly Expression[];
}
/** ARRAY[…], MAP[k, v, …], MULTISET[…] */
export interface CollectionConstructor extends NodeBase {
  readonly kind: 'CollectionConstructor';
  readonly type: 'ARRAY' | 'MAP' | 'MULTISET';
  readonly items: readonly Expression[];
}
/** ARRAY(query), MAP(query), MULTISET(query), CURSOR(query) */
export interface CollectionQuery extends NodeBase {
  readonly kind: 'CollectionQuery';
  readonly type: 'ARRAY' | 'MAP' | 'MULTISET' | 'CURSOR' | 'UNIQUE';
  readonly query: Query;
}
export interface Lambda extends NodeBase {
  readonly kind: 'Lambda';
  readonly params: readonly Identifier[];
  readonly body: Expression;
}
/** `?` */
export interface DynamicParam extends NodeBase {
  readonly kind: 'DynamicParam';
}
export interface DefaultValue extends NodeBase {
  readonly kind: 'DefaultValue';
}
/** `${var}` or `{{ jinja }}` where an expression may stand, when templates are on and no value is known. */
export interface Placeholder extends NodeBase {
  readonly kind: 'Placeholder';
  readonly text: string;
}
/** Stands where an expression was expected and none was found: empty range, or the skipped tokens. */
export interface MissingExpression extends NodeBase {
  readonly kind: 'MissingExpression';
}

export type Expression =
  | StringLiteral
  | NumberLiteral
  | BooleanLiteral
  | NullLiteral
  | BinaryLiteral
  | DateTimeLiteral
  | IntervalLiteral
  | ColumnRef
  | Star
  | FieldAccess
  | IndexAccess
  | Unary
  | Binary
  | IsTest
  | Between
  | InTest
  | LikeTest
  | Quantified
  | Exists
  | Subquery
  | Case
  | Cast
  | Call
  | RowConstructor
  | CollectionConstructor
  | CollectionQuery
  | Lambda
  | DynamicParam
  | DefaultValue
  | Placeholder
  | ModelArg
  | MissingExpression;

// ------------------------------------------------------------------------------------------------ data types

export interface TypeField extends NodeBase {
  readonly kind: 'TypeField';
  readonly name: Identifier;
  readonly type: DataType;
  readonly comment?: StringLiteral;
}
/** A data type as written. `name` is the keywords in upper case ('TIMESTAMP WITH LOCAL TIME ZONE', 'DOUBLE PRECISION'). */
export interface DataType extends NodeBase {
  readonly kind: 'DataType';
  readonly name: string;
  /** Precision and scale, or length. */
  readonly params: readonly number[];
  /** ARRAY<t>, MULTISET<t>, MAP<k, v> */
  readonly elements: readonly DataType[];
  /** ROW<…>, STRUCTURED<'class', …> */
  readonly fields: readonly TypeField[];
  /** Literal arguments: RAW('class', 'snapshot'), the class of STRUCTURED */
  readonly args: readonly StringLiteral[];
  /** A user-defined type's name, when it is none of the built-in ones */
  readonly userType?: Name;
  /** undefined when not written (Flink: nullable) */
  readonly nullable?: boolean;
}

// --------------------------------------------------------------------------------------------------- queries

export interface CommonTable extends NodeBase {
  readonly kind: 'CommonTable';
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}
export interface With extends NodeBase {
  readonly kind: 'With';
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
}
export interface OrderItem extends NodeBase {
  readonly kind: 'OrderItem';
  readonly expr: Expression;
  readonly descending: boolean;
  readonly nulls?: 'FIRST' | 'LAST';
}
/** A whole query expression: [WITH …] body [ORDER BY] [LIMIT] [OFFSET] [FETCH]. A parenthesised query is a Query as body. */
export interface Query extends NodeBase {
  readonly kind: 'Query';
  readonly with?: With;
  readonly body: QueryBody;
  readonly orderBy?: readonly OrderItem[];
  readonly offset?: Expression;
  /** LIMIT n or FETCH FIRST n ROWS */
  readonly limit?: Expression;
}
export type QueryBody = Select | SetOperation | Values | TableQuery | Query | MissingQuery;

export interface SetOperation extends NodeBase {
  readonly kind: 'SetOperation';
  readonly op: 'UNION' | 'INTERSECT' | 'EXCEPT' | 'MINUS';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}
export interface Values extends NodeBase {
  readonly kind: 'Values';
  /** One RowConstructor a row; a bare scalar row stays the scalar. */
  readonly rows: readonly Expression[];
}
/** `TABLE t` as a query */
export interface TableQuery extends NodeBase {
  readonly kind: 'TableQuery';
  readonly table: TableRef;
}
export interface MissingQuery extends NodeBase {
  readonly kind: 'MissingQuery';
}
export interface SelectItem extends NodeBase {
  readonly kind: 'SelectItem';
  readonly expr: Expression;
  readonly alias?: Identifier;
}
export interface Hint extends NodeBase {
  readonly kind: 'Hint';
  readonly name: Identifier;
  /** OPTIONS('k'='v') */
  readonly options: readonly Property[];
  /** Anything else: identifiers and literals */
  readonly args: readonly Expression[];
}
export interface GroupBy extends NodeBase {
  readonly kind: 'GroupBy';
  readonly quantifier?: 'DISTINCT' | 'ALL';
  readonly items: readonly GroupItem[];
}
export interface GroupingSets extends NodeBase {
  readonly kind: 'GroupingSets';
  readonly type: 'GROUPING SETS' | 'CUBE' | 'ROLLUP';
  readonly items: readonly GroupItem[];
}
/** `()` and `(a, b)` come as RowConstructor. */
export type GroupItem = Expression | GroupingSets;

export interface WindowSpec extends NodeBase {
  readonly kind: 'WindowSpec';
  readonly base?: Identifier;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: WindowFrame;
}
export interface WindowFrame extends NodeBase {
  readonly kind: 'WindowFrame';
  readonly unit: 'ROWS' | 'RANGE' | 'GROUPS';
  readonly from: FrameBound;
  readonly to?: FrameBound;
}
export interface FrameBound extends NodeBase {
  readonly kind: 'FrameBound';
  readonly type: 'UNBOUNDED PRECEDING' | 'PRECEDING' | 'CURRENT ROW' | 'FOLLOWING' | 'UNBOUNDED FOLLOWING';
  readonly value?: Expression;
}
export interface NamedWindow extends NodeBase {
  readonly kind: 'NamedWindow';
  readonly name: Identifier;
  readonly spec: WindowSpec;
}
export interface Select extends NodeBase {
  readonly kind: 'Select';
  readonly hints: readonly Hint[];
  readonly stream: boolean;
  readonly quantifier?: 'DISTINCT' | 'ALL';
  readonly items: readonly SelectItem[];
  readonly from?: TableSource;
  readonly where?: Expression;
  readonly groupBy?: GroupBy;
  readonly having?: Expression;
  readonly windows: readonly NamedWindow[];
  readonly qualify?: Expression;
}

// --------------------------------------------------------------------------------------------- table sources

export type TableSource =
  | TableRef
  | DerivedTable
  | TableFunction
  | Unnest
  | Join
  | Snapshot
  | Aliased
  | MatchRecognize
  | Pivot
  | Unpivot
  | Sample
  | Nested;

/** A table by name, with `/*+ OPTIONS(…) *​/` and `EXTEND (…)`. */
export interface TableRef extends NodeBase {
  readonly kind: 'TableRef';
  readonly name: Name;
  readonly hints: readonly Hint[];
  readonly extend?: readonly ColumnDef[];
}
export interface DerivedTable extends NodeBase {
  readonly kind: 'DerivedTable';
  readonly lateral: boolean;
  readonly query: Query;
}
/** `TABLE(f(…))`, `LATERAL TABLE(f(…))`, and `f(…)` alone; window TVFs among them. */
export interface TableFunction extends NodeBase {
  readonly kind: 'TableFunction';
  readonly lateral: boolean;
  readonly call: Call;
}
export interface Unnest extends NodeBase {
  readonly kind: 'Unnest';
  readonly args: readonly Expression[];
  readonly ordinality: boolean;
}
export interface Join extends NodeBase {
  readonly kind: 'Join';
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'COMMA' | 'LEFT SEMI' | 'ASOF' | 'LEFT ASOF';
  readonly natural: boolean;
  readonly left: TableSource;
  readonly right: TableSource;
  readonly on?: Expression;
  readonly using?: readonly Identifier[];
  readonly matchCondition?: Expression;
}
/** `t FOR SYSTEM_TIME AS OF expr` */
export interface Snapshot extends NodeBase {
  readonly kind: 'Snapshot';
  readonly source: TableSource;
  readonly period: Expression;
}
export interface Aliased extends NodeBase {
  readonly kind: 'Aliased';
  readonly source: TableSource;
  readonly alias: Identifier;
  readonly columns: readonly Identifier[];
}
/** `( a JOIN b … )` */
export interface Nested extends NodeBase {
  readonly kind: 'Nested';
  readonly source: TableSource;
}
export interface Sample extends NodeBase {
  readonly kind: 'Sample';
  readonly source: TableSource;
}
export interface PivotValue extends NodeBase {
  readonly kind: 'PivotValue';
  readonly values: readonly Expression[];
  readonly alias?: Identifier;
}
export interface Pivot extends NodeBase {
  readonly kind: 'Pivot';
  readonly source: TableSource;
  readonly aggregates: readonly SelectItem[];
  readonly axes: readonly ColumnRef[];
  readonly values: readonly PivotValue[];
}
export interface Unpivot extends NodeBase {
  readonly kind: 'Unpivot';
  readonly source: TableSource;
  readonly includeNulls: boolean;
  readonly measures: readonly Identifier[];
  readonly axes: readonly Identifier[];
  readonly values: readonly { readonly columns: readonly Identifier[]; readonly as: readonly Expression[] }[];
}
export interface PatternSubset extends NodeBase {
  readonly kind: 'PatternSubset';
  readonly name: Identifier;
  readonly variables: readonly Identifier[];
}
export interface PatternDefinition extends NodeBase {
  readonly kind: 'PatternDefinition';
  readonly name: Identifier;
  readonly condition: Expression;
}
export interface MatchRecognize extends NodeBase {
  readonly kind: 'MatchRecognize';
  readonly source: TableSource;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly measures: readonly SelectItem[];
  readonly rowsPerMatch?: 'ONE' | 'ALL';
  /** Every pattern variable of PATTERN (…), as often as it is written. */
  readonly patternVariables: readonly Identifier[];
  readonly within?: Expression;
  readonly subsets: readonly PatternSubset[];
  readonly definitions: readonly PatternDefinition[];
}

// ------------------------------------------------------------------------------------------------------- DDL

/** `'key' = 'value'` */
export interface Property extends NodeBase {
  readonly kind: 'Property';
  readonly key: StringLiteral;
  readonly value: StringLiteral;
}
export interface PhysicalColumn {
  readonly type: 'physical';
  readonly dataType: DataType;
}
export interface ComputedColumn {
  readonly type: 'computed';
  readonly expr: Expression;
}
export interface MetadataColumn {
  readonly type: 'metadata';
  readonly dataType: DataType;
  readonly from?: StringLiteral;
  readonly virtual: boolean;
}
/** Column of a CTAS or view column list: a name alone. */
export interface NamedColumn {
  readonly type: 'name';
}
/** `name` is one part, except in ALTER TABLE ADD of nested columns. */
export interface ColumnDef extends NodeBase {
  readonly kind: 'ColumnDef';
  readonly name: Identifier;
  readonly path: Name;
  readonly column: PhysicalColumn | ComputedColumn | MetadataColumn | NamedColumn;
  readonly constraint?: TableConstraint;
  readonly comment?: StringLiteral;
  /** ALTER TABLE … ADD/MODIFY: FIRST or AFTER */
  readonly position?: 'FIRST' | Identifier;
}
export interface TableConstraint extends NodeBase {
  readonly kind: 'TableConstraint';
  readonly type: 'PRIMARY KEY' | 'UNIQUE';
  readonly name?: Identifier;
  /** Empty on a column constraint */
  readonly columns: readonly Identifier[];
  readonly enforced?: boolean;
}
export interface Watermark extends NodeBase {
  readonly kind: 'Watermark';
  readonly column: Name;
  readonly expr: Expression;
}
export interface Distribution extends NodeBase {
  readonly kind: 'Distribution';
  readonly type?: 'HASH' | 'RANGE';
  readonly columns: readonly Identifier[];
  readonly buckets?: number;
}
export interface LikeOption extends NodeBase {
  readonly kind: 'LikeOption';
  readonly merge: 'INCLUDING' | 'EXCLUDING' | 'OVERWRITING';
  readonly feature:
    | 'ALL'
    | 'CONSTRAINTS'
    | 'DISTRIBUTION'
    | 'GENERATED'
    | 'METADATA'
    | 'OPTIONS'
    | 'PARTITIONS'
    | 'WATERMARKS';
}
export interface LikeClause extends NodeBase {
  readonly kind: 'LikeClause';
  readonly table: Name;
  readonly options: readonly LikeOption[];
}
export interface CreateTable extends NodeBase {
  readonly kind: 'CreateTable';
  readonly temporary: boolean;
  readonly orReplace: boolean;
  /** REPLACE TABLE … AS */
  readonly replace: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly columns: readonly ColumnDef[];
  readonly constraints: readonly TableConstraint[];
  readonly watermark?: Watermark;
  readonly comment?: StringLiteral;
  readonly distribution?: Distribution;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly Property[];
  /** undefined when WITH was not written */
  readonly optionsRange?: NodeBase;
  readonly like?: LikeClause;
  readonly query?: Query;
}
export interface CreateView extends NodeBase {
  readonly kind: 'CreateView';
  readonly temporary: boolean;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly columns: readonly ColumnDef[];
  readonly comment?: StringLiteral;
  readonly query: Query;
}
export interface CreateCatalog extends NodeBase {
  readonly kind: 'CreateCatalog';
  readonly ifNotExists: boolean;
  readonly name: Identifier;
  readonly comment?: StringLiteral;
  readonly options: readonly Property[];
}
export interface CreateDatabase extends NodeBase {
  readonly kind: 'CreateDatabase';
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly comment?: StringLiteral;
  readonly options: readonly Property[];
}
export interface CreateFunction extends NodeBase {
  readonly kind: 'CreateFunction';
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly className: StringLiteral;
  readonly language?: string;
  readonly resources: readonly StringLiteral[];
  readonly options: readonly Property[];
}
export interface CreateModel extends NodeBase {
  readonly kind: 'CreateModel';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly input: readonly ColumnDef[];
  readonly output: readonly ColumnDef[];
  readonly comment?: StringLiteral;
  readonly options: readonly Property[];
  readonly query?: Query;
}
export interface CreateMaterializedTable extends NodeBase {
  readonly kind: 'CreateMaterializedTable';
  readonly orAlter: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly columns: readonly ColumnDef[];
  readonly constraints: readonly TableConstraint[];
  readonly watermark?: Watermark;
  readonly comment?: StringLiteral;
  readonly distribution?: Distribution;
  readonly partitionedBy: readonly Identifier[];
  readonly options: readonly Property[];
  readonly freshness?: IntervalLiteral;
  readonly refreshMode?: string;
  readonly query: Query;
}
export interface CreateConnection extends NodeBase {
  readonly kind: 'CreateConnection';
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly name: Name;
  readonly comment?: StringLiteral;
  readonly options: readonly Property[];
}
export interface DropObject extends NodeBase {
  readonly kind: 'DropObject';
  readonly object:
    | 'TABLE'
    | 'VIEW'
    | 'CATALOG'
    | 'DATABASE'
    | 'FUNCTION'
    | 'MODEL'
    | 'MATERIALIZED TABLE'
    | 'CONNECTION';
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly name: Name;
  readonly cascade?: boolean;
}

/** One action of ALTER TABLE (also of ALTER MATERIALIZED TABLE). `action` in words: 'RENAME', 'RENAME COLUMN', 'SET', 'RESET', 'ADD', 'MODIFY', 'DROP COLUMN', … */
export interface AlterTable extends NodeBase {
  readonly kind: 'AlterTable';
  readonly materialized: boolean;
  readonly ifExists: boolean;
  readonly name: Name;
  readonly action: string;
  readonly newName?: Name;
  readonly columns: readonly ColumnDef[];
  readonly constraints: readonly TableConstraint[];
  readonly watermark?: Watermark;
  readonly distribution?: Distribution;
  readonly options: readonly Property[];
  /** Keys of RESET, columns of DROP, from and to of RENAME COLUMN */
  readonly names: readonly Name[];
  readonly keys: readonly StringLiteral[];
  readonly partitions: readonly PartitionSpec[];
  readonly query?: Query;
}
/** ALTER of a view, database, catalog, function, model or connection. */
export interface AlterObject extends NodeBase {
  readonly kind: 'AlterObject';
  readonly object: 'VIEW' | 'CATALOG' | 'DATABASE' | 'FUNCTION' | 'MODEL' | 'CONNECTION';
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly name: Name;
  /** 'RENAME', 'SET', 'RESET', 'COMMENT', 'AS' */
  readonly action: string;
  readonly newName?: Name;
  readonly options: readonly Property[];
  readonly keys: readonly StringLiteral[];
  readonly comment?: StringLiteral;
  readonly query?: Query;
  readonly className?: StringLiteral;
  readonly language?: string;
}

// ------------------------------------------------------------------------------------------------------- DML

export interface PartitionValue extends NodeBase {
  readonly kind: 'PartitionValue';
  readonly column: Identifier;
  readonly value?: Expression;
}
export interface PartitionSpec extends NodeBase {
  readonly kind: 'PartitionSpec';
  readonly values: readonly PartitionValue[];
}
export interface Insert extends NodeBase {
  readonly kind: 'Insert';
  /** Offset of the word INSERT: in Hive's dialect FROM may stand before it. */
  readonly keyword: number;
  readonly mode: 'INTO' | 'OVERWRITE';
  readonly upsert: boolean;
  readonly table: TableRef;
  readonly partition?: PartitionSpec;
  /** The column list; undefined when not written. */
  readonly columns?: readonly Name[];
  readonly source: Query;
  /** ON CONFLICT DO …, in upper case */
  readonly onConflict?: string;
}
export interface Assignment extends NodeBase {
  readonly kind: 'Assignment';
  readonly column: Name;
  readonly value: Expression;
}
export interface Update extends NodeBase {
  readonly kind: 'Update';
  readonly table: TableRef;
  readonly alias?: Identifier;
  readonly assignments: readonly Assignment[];
  readonly where?: Expression;
}
export interface Delete extends NodeBase {
  readonly kind: 'Delete';
  readonly table: TableRef;
  readonly alias?: Identifier;
  readonly where?: Expression;
}
/** [EXECUTE | BEGIN] STATEMENT SET … END, and EXECUTE STATEMENT SET BEGIN … END */
export interface StatementSet extends NodeBase {
  readonly kind: 'StatementSet';
  readonly statements: readonly (Insert | InvalidStatement)[];
}

// -------------------------------------------------------------------------------------------- the remainder

export interface QueryStatement extends NodeBase {
  readonly kind: 'QueryStatement';
  readonly query: Query;
}
/** SET 'k' = 'v', SET k = v (both of the SQL client) and SET alone. */
export interface SetOption extends NodeBase {
  readonly kind: 'SetOption';
  readonly key?: StringLiteral;
  readonly value?: StringLiteral;
}
export interface ResetOption extends NodeBase {
  readonly kind: 'ResetOption';
  readonly key?: StringLiteral;
}
export interface Use extends NodeBase {
  readonly kind: 'Use';
  readonly object: 'CATALOG' | 'DATABASE' | 'MODULES';
  readonly names: readonly Name[];
}
/** EXPLAIN …, COMPILE PLAN … FOR, COMPILE AND EXECUTE PLAN … FOR, EXECUTE <dml>: a statement around another. */
export interface Wrapping extends NodeBase {
  readonly kind: 'Wrapping';
  /** 'EXPLAIN', 'COMPILE PLAN', 'COMPILE AND EXECUTE PLAN', 'EXECUTE' */
  readonly verb: string;
  readonly statement: Statement;
}
/** Statements whose parts only matter to the reader: SHOW, DESCRIBE, ANALYZE, CALL, LOAD, ADD JAR, STOP JOB, TRUNCATE, … */
export interface Command extends NodeBase {
  readonly kind: 'Command';
  /** In words: 'SHOW TABLES', 'DESCRIBE', 'TRUNCATE TABLE', 'ADD JAR' */
  readonly verb: string;
  /** The objects it names, with what they are: 'table', 'catalog', 'database', 'function', 'model', 'module', 'view', … */
  readonly names: readonly { readonly object: string; readonly name: Name }[];
  /** CALL procedure(args), other expressions */
  readonly exprs: readonly Expression[];
  readonly options: readonly Property[];
}
/** Nothing between two semicolons but blanks and comments. */
export interface EmptyStatement extends NodeBase {
  readonly kind: 'EmptyStatement';
}
/** The text does not begin like any statement. */
export interface InvalidStatement extends NodeBase {
  readonly kind: 'InvalidStatement';
}

export type Statement =
  | QueryStatement
  | Insert
  | Update
  | Delete
  | StatementSet
  | CreateTable
  | CreateView
  | CreateCatalog
  | CreateDatabase
  | CreateFunction
  | CreateModel
  | CreateMaterializedTable
  | CreateConnection
  | DropObject
  | AlterTable
  | AlterObject
  | SetOption
  | ResetOption
  | Use
  | Wrapping
  | Command
  | EmptyStatement
  | InvalidStatement;
