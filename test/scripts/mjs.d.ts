// The scripts tell their types in JSDoc, which the compiler of the tests does not read.
declare module "*.mjs";
