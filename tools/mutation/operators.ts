import ts from "typescript";

/** A small change of a source, as people make it by mistake. */
export interface Edit {
  /** The expression, or the statement, that is replaced as a whole. */
  readonly node: ts.Node;
  /** The part of its text that changes, as offsets into the source. */
  readonly start: number;
  readonly end: number;
  /** What stands there instead; nothing where a statement is left out. */
  readonly by: string;
}

type Operator = (node: ts.Node) => readonly Edit[];

/**
 * What is tried at each node. A change is left out where every test that notices another one notices it too: `||` in place of `&&`
 * shows wherever one operand is left out, and an `if` without its only statement is an `if (false)`.
 */
const OPERATORS: readonly Operator[] = [
  boundaries,
  conditions,
  arithmetic,
  methods,
  fallbacks,
  chains,
  booleans,
  statements,
  results,
  elements,
  properties,
];

/** All edits of a source, in the order of its text. */
export function editsOf(source: ts.SourceFile): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      return;
    }
    edits.push(...OPERATORS.flatMap((operator) => operator(node)));
    ts.forEachChild(node, (child) => {
      if (!isPattern(child)) {
        visit(child);
      }
    });
  };
  visit(source);
  return edits.sort((a, b) => a.start - b.start);
}

const BOUNDARIES: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.LessThanToken]: "<=",
  [ts.SyntaxKind.LessThanEqualsToken]: "<",
  [ts.SyntaxKind.GreaterThanToken]: ">=",
  [ts.SyntaxKind.GreaterThanEqualsToken]: ">",
};

function boundaries(node: ts.Node): Edit[] {
  return ts.isBinaryExpression(node) ? swapped(node, node.operatorToken, BOUNDARIES[node.operatorToken.kind]) : [];
}

/** Conditions become `true` and `false`; an operand of `&&` becomes `true`, and one of `||` becomes `false`. */
function conditions(node: ts.Node): Edit[] {
  if (!ts.isExpression(node) || ts.isParenthesizedExpression(node) || isBoolean(node)) {
    return [];
  }
  return outcomesOf(node).map((outcome) => whole(node, outcome));
}

function outcomesOf(node: ts.Expression): readonly string[] {
  const parent = parentOf(node);
  if (isLogical(parent)) {
    return isLogical(node) && isAnd(node) === isAnd(parent) ? [] : [isAnd(parent) ? "true" : "false"];
  }
  const isLoop =
    ts.isWhileStatement(parent) ||
    ts.isDoStatement(parent) ||
    (ts.isForStatement(parent) && isIn(parent.condition, node));
  if (isLoop) {
    return ["false"];
  }
  const isTested =
    (ts.isIfStatement(parent) && isIn(parent.expression, node)) ||
    (ts.isConditionalExpression(parent) && isIn(parent.condition, node)) ||
    isPredicate(node) ||
    resultTypesOf(node).some(isBooleanType);
  if (isNot(parent) || (!isTested && !isComparison(node) && !isNot(node))) {
    return [];
  }
  return isLogical(node) ? [isAnd(node) ? "false" : "true"] : ["true", "false"];
}

const ARITHMETIC: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.PlusToken]: "-",
  [ts.SyntaxKind.MinusToken]: "+",
  [ts.SyntaxKind.AsteriskToken]: "/",
  [ts.SyntaxKind.SlashToken]: "*",
  [ts.SyntaxKind.PercentToken]: "*",
  [ts.SyntaxKind.AsteriskAsteriskToken]: "*",
  [ts.SyntaxKind.PlusEqualsToken]: "-=",
  [ts.SyntaxKind.MinusEqualsToken]: "+=",
  [ts.SyntaxKind.AsteriskEqualsToken]: "/=",
};

function arithmetic(node: ts.Node): Edit[] {
  return ts.isBinaryExpression(node) && !isText(node)
    ? swapped(node, node.operatorToken, ARITHMETIC[node.operatorToken.kind])
    : [];
}

/** Methods that are taken for each other, and those without which the receiver is left as it was. */
const METHODS: Partial<Record<string, string>> = {
  min: "max",
  max: "min",
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
  filter: "",
  sort: "",
  reverse: "",
  slice: "",
  trim: "",
  toLowerCase: "",
};

function methods(node: ts.Node): Edit[] {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) {
    return [];
  }
  const { name, expression: receiver } = node.expression;
  const by = METHODS[name.text];
  if (by === "") {
    return [{ node: outermost(node), start: receiver.end, end: node.end, by }];
  }
  return swapped(outermost(node), name, by);
}

/** `a ?? b` becomes `a`, and `b`. */
function fallbacks(node: ts.Node): Edit[] {
  if (!ts.isBinaryExpression(node)) {
    return [];
  }
  const { left, operatorToken, right } = node;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
      return [
        { node, start: left.end, end: right.end, by: "" },
        { node, start: left.getStart(), end: right.getStart(), by: "" },
      ].slice(right.getText() === "undefined" ? 1 : 0);
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
      return swapped(node, operatorToken, "=");
    default:
      return [];
  }
}

/** `a?.b` becomes `a.b`. */
function chains(node: ts.Node): Edit[] {
  if (!ts.isOptionalChain(node) || ts.isNonNullChain(node) || node.questionDotToken === undefined) {
    return [];
  }
  return swapped(outermost(node), node.questionDotToken, ts.isPropertyAccessExpression(node) ? "." : "");
}

/** Literals; not in `flag = true;`, which is left out as a whole. */
function booleans(node: ts.Node): Edit[] {
  return isBoolean(node) && !ts.isExpressionStatement(node.parent.parent)
    ? [whole(node, node.kind === ts.SyntaxKind.TrueKeyword ? "false" : "true")]
    : [];
}

/** A call, an assignment, a `yield` or a `throw` is left out. */
function statements(node: ts.Node): Edit[] {
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    const isFixed =
      ts.isStringLiteral(expression) ||
      (ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword);
    return isFixed || isAllOfAnIf(node) ? [] : [whole(node, "")];
  }
  return ts.isThrowStatement(node) && !isAllOfAnIf(node) ? [whole(node, "")] : [];
}

/** What a function returns becomes the emptiest value of its declared type. */
function results(node: ts.Node): Edit[] {
  if (
    !ts.isExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isArrayLiteralExpression(node)
  ) {
    return [];
  }
  const empties = resultTypesOf(node).flatMap(({ kind }) => EMPTY[kind] ?? []);
  const empty = empties.find((value) => value === "undefined") ?? empties[0];
  return empty === undefined || empty === node.getText() ? [] : [whole(node, empty)];
}

/** An array lacks one of its elements. */
function elements(node: ts.Node): Edit[] {
  return ts.isArrayLiteralExpression(node) ? node.elements.map((_, index) => without(node, node.elements, index)) : [];
}

/** An object made from another lacks one of the properties that differ. */
function properties(node: ts.Node): Edit[] {
  if (!ts.isObjectLiteralExpression(node)) {
    return [];
  }
  const first = node.properties.findIndex(ts.isSpreadAssignment);
  return node.properties.flatMap((_, index) =>
    first === -1 || index <= first ? [] : [without(node, node.properties, index)],
  );
}

function whole(node: ts.Node, by: string): Edit {
  return { node, start: node.getStart(), end: node.end, by };
}

function swapped(node: ts.Node, part: ts.Node, by: string | undefined): Edit[] {
  return by === undefined ? [] : [{ node, start: part.getStart(), end: part.end, by }];
}

function without(node: ts.Node, list: ts.NodeArray<ts.Node>, index: number): Edit {
  const before = list[index - 1];
  const after = list[index + 1];
  const start = before?.end ?? list[index]?.getStart() ?? list.pos;
  const end = before === undefined ? (after?.getStart() ?? list.end) : (list[index]?.end ?? list.end);
  return { node, start, end, by: "" };
}

/** The parent, without the parentheses in between. */
function parentOf(node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node.parent) ? parentOf(node.parent) : node.parent;
}

/** Whether an expression is this one, parentheses apart. */
function isIn(expression: ts.Expression | undefined, node: ts.Node): boolean {
  return (
    expression === node ||
    (expression !== undefined && ts.isParenthesizedExpression(expression) && isIn(expression.expression, node))
  );
}

/** The end of an optional chain: inside it nothing can be replaced alone. */
function outermost(node: ts.Node): ts.Node {
  const { parent } = node;
  return ts.isOptionalChain(parent) && parent.expression === node ? outermost(parent) : node;
}

function isLogical(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].includes(node.operatorToken.kind)
  );
}

function isAnd(node: ts.BinaryExpression): boolean {
  return node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
}

function isNot(node: ts.Node): boolean {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
}

function isComparison(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) &&
    ["===", "!==", "<", "<=", ">", ">=", "in", "instanceof"].includes(node.operatorToken.getText())
  );
}

function isBoolean(node: ts.Node): boolean {
  return node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
}

function isBooleanType(type: ts.TypeNode): boolean {
  return type.kind === ts.SyntaxKind.BooleanKeyword || ts.isTypePredicateNode(type);
}

/** Whether it is a sum of texts. */
function isText(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) {
    return isText(node.left) || isText(node.right);
  }
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** Whether it is what an array's callback answers. */
function isPredicate(node: ts.Expression): boolean {
  const callback = parentOf(node);
  return (
    ts.isArrowFunction(callback) &&
    ts.isCallExpression(callback.parent) &&
    ts.isPropertyAccessExpression(callback.parent.expression) &&
    ["every", "filter", "find", "findIndex", "findLast", "some"].includes(callback.parent.expression.name.text)
  );
}

/** The declared type of the function that returns this expression, in its alternatives; empty where it is not returned or none is declared. */
function resultTypesOf(node: ts.Expression): readonly ts.TypeNode[] {
  const parent = parentOf(node);
  if (ts.isReturnStatement(parent)) {
    return alternativesOf(ts.findAncestor(parent, ts.isFunctionLike)?.type);
  }
  // An arrow function has no other child that is an expression but its body.
  return ts.isArrowFunction(parent) ? alternativesOf(parent.type) : [];
}

function alternativesOf(type: ts.TypeNode | undefined): readonly ts.TypeNode[] {
  if (type === undefined) {
    return [];
  }
  if (ts.isTypeReferenceNode(type) && type.typeName.getText() === "Promise") {
    return alternativesOf(type.typeArguments?.[0]);
  }
  if (ts.isTypeOperatorNode(type)) {
    return alternativesOf(type.type);
  }
  return ts.isUnionTypeNode(type) ? type.types : [type];
}

const EMPTY: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.ArrayType]: "[]",
  [ts.SyntaxKind.StringKeyword]: '""',
  [ts.SyntaxKind.NumberKeyword]: "0",
  [ts.SyntaxKind.UndefinedKeyword]: "undefined",
};

/** Whether the statement is all that an `if` without `else` does. */
function isAllOfAnIf({ parent }: ts.Statement): boolean {
  return (
    ts.isBlock(parent) &&
    parent.statements.length === 1 &&
    ts.isIfStatement(parent.parent) &&
    parent.parent.elseStatement === undefined
  );
}

/** Whether it only looks like an expression: what `[a, b] = c` and `({ a } = c)` assign to. */
function isPattern(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.left === node &&
    (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node))
  );
}
