import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { isPlainObject } from "../../text/plain-object";
import type { Properties } from "../../resource/properties";

/** The key by which the engine marks a value of a special kind, and the mark of a secret. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** What the engine sent, with every secret unwrapped. */
export function fromStruct(struct: Struct | undefined): Properties {
  const entries: [string, unknown][] = [];
  struct?.getFieldsMap().forEach((value, key) => {
    entries.push([key, fromValue(value)]);
  });
  return Object.fromEntries(entries);
}

function fromValue(value: Value): unknown {
  switch (value.getKindCase()) {
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(fromValue);
    case Value.KindCase.STRUCT_VALUE: {
      const object = fromStruct(value.getStructValue());
      return object[SIGNATURE_KEY] === SECRET ? object["value"] : object;
    }
    default:
      return null;
  }
}

/** The keys of what the engine sent as a secret. */
export function secretKeys(struct: Struct | undefined): ReadonlySet<string> {
  const keys = new Set<string>();
  struct?.getFieldsMap().forEach((value, key) => {
    if (value.getStructValue()?.getFieldsMap().get(SIGNATURE_KEY)?.getStringValue() === SECRET) {
      keys.add(key);
    }
  });
  return keys;
}

/** A value that the engine is to keep encrypted, and never to show. */
export function secret(value: unknown): Properties {
  return { [SIGNATURE_KEY]: SECRET, value };
}

/** `properties` with each of those named marked as secret. */
export function withSecrets(properties: Properties, names: readonly string[]): Properties {
  const secrets = names.filter((name) => properties[name] !== undefined);
  return { ...properties, ...Object.fromEntries(secrets.map((name) => [name, secret(properties[name])])) };
}

/** Properties in the engine's form; what is `undefined` is left out. */
export function toStruct(properties: Properties): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) {
      fields.set(key, toValue(value));
    }
  }
  return struct;
}

function toValue(value: unknown): Value {
  const wrapped = new Value();
  if (typeof value === "string") {
    wrapped.setStringValue(value);
  } else if (typeof value === "number") {
    wrapped.setNumberValue(value);
  } else if (typeof value === "boolean") {
    wrapped.setBoolValue(value);
  } else if (Array.isArray(value)) {
    const list = new ListValue();
    list.setValuesList(value.map(toValue));
    wrapped.setListValue(list);
  } else if (isPlainObject(value)) {
    wrapped.setStructValue(toStruct(value));
  } else {
    wrapped.setNullValue(NullValue.NULL_VALUE);
  }
  return wrapped;
}
