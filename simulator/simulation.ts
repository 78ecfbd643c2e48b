import { Faults } from "./faults";
import { GatewayState } from "./gateway/state";
import { Journal, type JournalEntry } from "./journal";
import { LivePlatformState } from "./live-platform/state";
import { parseSeed, type Seed, settingsOf } from "./seed";
import type { Settings } from "./settings";

interface Loaded {
  readonly seed: Seed;
  readonly settings: Settings;
  readonly livePlatform: LivePlatformState;
  readonly gateway: GatewayState;
}

/** Everything that the simulator remembers, apart from connections. */
export class Simulation {
  readonly now: () => number;
  readonly faults = new Faults();
  readonly journal: Journal;
  readonly #rawSeed: unknown;
  readonly #adjust: (settings: Settings) => void;
  #loaded: Loaded;

  /**
   * @param rawSeed the parsed YAML or JSON; read anew at each reset, since the state is changed in place
   * @param adjust what the caller wants otherwise than the seed, again at each reset
   */
  constructor(
    rawSeed: unknown,
    adjust: (settings: Settings) => void,
    now: () => number,
    onAnswer: (entry: JournalEntry) => void,
  ) {
    this.now = now;
    this.#rawSeed = rawSeed;
    this.#adjust = adjust;
    this.journal = new Journal(now, onAnswer);
    this.#loaded = this.#load();
  }

  get seed(): Seed {
    return this.#loaded.seed;
  }

  get settings(): Settings {
    return this.#loaded.settings;
  }

  get livePlatform(): LivePlatformState {
    return this.#loaded.livePlatform;
  }

  get gateway(): GatewayState {
    return this.#loaded.gateway;
  }

  /** Goes back to the seed; log, faults, settings, tokens, sessions and tasks are gone. */
  reset(): void {
    this.#loaded = this.#load();
    this.faults.clear();
    this.journal.reset();
  }

  #load(): Loaded {
    const seed = parseSeed(this.#rawSeed);
    const settings = settingsOf(seed);
    this.#adjust(settings);
    return {
      seed,
      settings,
      livePlatform: new LivePlatformState(seed.livePlatform, settings, this.now),
      gateway: new GatewayState(seed.gateway, settings, this.now),
    };
  }
}
