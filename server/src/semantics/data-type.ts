import type { DataType } from '../language/ast';
import { duplicateField } from '../rules/duplicate-column';
import { unknownType } from '../rules/unknown-type';
import type { Context } from './context';

/** Reports names of types that Flink does not have, also inside others. */
export function checkType(type: DataType, context: Context): void {
  if (type.userType && !context.broken) {
    context.report(unknownType(type.userType, type.userType.parts.map((p) => p.name).join('.')));
  }
  for (const element of type.elements) checkType(element, context);
  const names = new Set<string>();
  for (const field of type.fields) {
    checkType(field.type, context);
    const { name } = field.name;
    if (names.has(name) && name !== '') context.report(duplicateField(field.name, name));
    names.add(name);
  }
}
