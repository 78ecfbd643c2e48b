// @ts-check
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "coverage/", "node_modules/", "examples/*/node_modules/"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unnecessary-condition": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // tsc's noPropertyAccessFromIndexSignature asks for the brackets that this rule would remove.
      "@typescript-eslint/dot-notation": "off",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["provider/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
          message: "Write `import * as z`: only then does the plugin's bundle leave out what is not used.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      // mocha's describe and it return nothing that is to be awaited, and chai-less asserts narrow by throwing.
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "mocha", name: ["describe", "it"] }] },
      ],
      "@typescript-eslint/no-non-null-assertion": "off",
      // Plain objects of functions are taken apart; none of these uses `this`.
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
