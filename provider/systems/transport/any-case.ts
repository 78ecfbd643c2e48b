import * as z from "zod";
import { isPlainObject } from "../../text/plain-object";

/**
 * An object with these fields, whatever the case of its keys: the systems write `UmpCustomerGuid` and `umpCustomerGuid`. Where a key
 * comes in two cases, the one in the documented case counts.
 */
export function anyCase<Shape extends z.ZodRawShape>(shape: Shape): z.ZodPreprocess<z.ZodObject<Shape>> {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((value) => (isPlainObject(value) ? renamed(value, names) : value), z.object(shape));
}

/** Fields of an object under their names in lower case, for those whose documented case is not known. */
export function fold(value: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]));
}

function renamed(value: Readonly<Record<string, unknown>>, names: ReadonlyMap<string, string>): unknown {
  const fields = Object.entries(value);
  const inOtherCase = fields.map(([key, field]) => [names.get(key.toLowerCase()) ?? key, field]);
  const asDocumented = fields.filter(([key]) => names.get(key.toLowerCase()) === key);
  return Object.fromEntries([...inOtherCase, ...asDocumented]);
}
