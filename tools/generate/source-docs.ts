import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** A member of an interface, or an entry of a constant object, as its source says. */
export interface SourceMember {
  readonly name: string;
  readonly doc: string;
  /** The text of its type or value. */
  readonly text: string;
}

/**
 * The documented members of an interface or constant object.
 * @param file from the top of the repository
 * @throws where it is not there.
 */
export function membersOf(root: string, file: string, name: string): readonly SourceMember[] {
  const source = ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
      return statement.members.filter(ts.isPropertySignature).map((member) => memberOf(member, member.type));
    }
    const [declaration] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
    if (declaration?.name.getText() === name) {
      const value = declaration.initializer;
      const object = value !== undefined && ts.isAsExpression(value) ? value.expression : value;
      if (object !== undefined && ts.isObjectLiteralExpression(object)) {
        return object.properties
          .filter(ts.isPropertyAssignment)
          .map((property) => memberOf(property, property.initializer));
      }
    }
  }
  throw new Error(`${file} has no interface or object ${name}.`);
}

function memberOf(member: ts.PropertySignature | ts.PropertyAssignment, value: ts.Node | undefined): SourceMember {
  const doc = ts
    .getJSDocCommentsAndTags(member)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ");
  return { name: member.name.getText(), doc, text: value?.getText() ?? "" };
}
