import { type Mistake, onLine, type Position } from "./mistake";

/** What one resource of a fleet file claims as its own: a whole object, or one service of it. */
export interface Claim {
  /** What is claimed, in the words in which the resources declare it to each other. */
  readonly to: string;
  readonly at: Position;
  /** Where in the file: `customers.contoso.customerGuid`. */
  readonly path: string;
}

/** One resource of the file as checked in itself. */
export interface CheckedDeclaration<T> {
  /** `undefined` where there are mistakes, these or those of reading the file. */
  readonly declared: T | undefined;
  readonly claims: readonly Claim[];
  readonly mistakes: readonly Mistake[];
}

/** A mistake for each claim that an earlier one has made already: two resources would work against each other. */
export function conflictingClaims(claims: readonly Claim[]): Mistake[] {
  const first = new Map<string, Claim>();
  return claims.flatMap((claim) => {
    const earlier = first.get(claim.to);
    if (earlier === undefined) {
      first.set(claim.to, claim);
      return [];
    }
    const message = `is already declared by ${earlier.path} ${onLine(earlier.at, claim.at)}: keep one of the two.`;
    return [{ at: claim.at, path: claim.path, message }];
  });
}
