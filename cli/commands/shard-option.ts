import { InvalidArgumentError, Option } from "commander";
import { parseShard, type Shard } from "../../fleet/shard";

/** `--shard i/n`, for parallel jobs. */
export function shardOption(): Option {
  return new Option(
    "--shard <i/n>",
    "only the i-th of n parts of the fleet, as the stack's voice-licenses:shard divides it",
  ).argParser((text): Shard => {
    const shard = parseShard(text);
    if (shard === undefined) {
      throw new InvalidArgumentError("It must be i/n, such as 1/4 for the first of four parts.");
    }
    return shard;
  });
}
