// @ts-check
// `npm run build`: compiles the package to dist/, where anything changed. Installs the dependencies where they are missing.
import { main } from "./lib/main.mjs";
import { setUp } from "./lib/set-up.mjs";

await main(async () => {
  await setUp({ pulumi: false });
});
