/**
 * The service licences that a customer can be declared to hold. "Hosted" is Direct Routing, "Oc" is Operator Connect.
 *
 * @see Live Platform REST API, "Upgrade or Downgrade Service License"
 */
export const LicenseType = {
  /** Direct Routing Essentials Plus; the API's 1. */
  HostedEssentialsPlus: "HostedEssentialsPlus",
  /** Direct Routing Pro; the API's 2. */
  HostedPro: "HostedPro",
  /** Operator Connect Essential Plus; the API's 4. */
  OcEssentialPlus: "OcEssentialPlus",
  /** Operator Connect Pro; the API's 5. */
  OcPro: "OcPro",
} as const;

/** One of the service licences that a customer can be declared to hold, as text: `"OcPro"`. */
export type LicenseType = (typeof LicenseType)[keyof typeof LicenseType];

/**
 * What the platform may tell that a customer holds: beside the four, `HostedEssentials` (its 0), `OcEssential` (3, see
 * `livePlatform:ocEssentialType`), and `Unknown(7)` for a number without a name. These are reported, never declared.
 */
export type ObservedLicenseType = LicenseType | "HostedEssentials" | "OcEssential" | `Unknown(${number})`;

/** Hosted (Direct Routing) and Operator Connect: there is no way from one to the other. */
export type LicenseFamily = "Hosted" | "OC";

const CODES: Readonly<Record<LicenseType, number>> = {
  HostedEssentialsPlus: 1,
  HostedPro: 2,
  OcEssentialPlus: 4,
  OcPro: 5,
};

const WORDS: Readonly<Record<string, string>> = {
  HostedEssentials: "Hosted Essentials",
  HostedEssentialsPlus: "Hosted Essentials Plus",
  HostedPro: "Hosted Pro",
  OcEssential: "OC Essential",
  OcEssentialPlus: "OC Essential Plus",
  OcPro: "OC Pro",
};

/** The API's number of a licence type: 1, 2, 4 or 5. */
export function toLicenseCode(type: LicenseType): number {
  return CODES[type];
}

/** The declarable type of a number (1, 2, 4, 5), or `undefined`. */
export function fromDeclaredCode(code: number): LicenseType | undefined {
  return Object.values(LicenseType).find((type) => CODES[type] === code);
}

/** The type that the platform's number stands for, `ocEssentialType` being its number for Operator Connect Essential. */
export function fromObservedCode(code: number, ocEssentialType: number): ObservedLicenseType {
  if (code === ocEssentialType) {
    return "OcEssential";
  }
  return fromDeclaredCode(code) ?? (code === 0 ? "HostedEssentials" : `Unknown(${code})`);
}

/** The family of a type, or `undefined` for an unknown one. */
export function familyOf(type: ObservedLicenseType): LicenseFamily | undefined {
  if (type.startsWith("Hosted")) {
    return "Hosted";
  }
  return type.startsWith("Oc") ? "OC" : undefined;
}

/** The licence that a Pro one is downgraded to, or `undefined` where there is nothing to downgrade. */
export function downgradeOf(type: ObservedLicenseType): LicenseType | undefined {
  switch (type) {
    case "HostedPro":
      return LicenseType.HostedEssentialsPlus;
    case "OcPro":
      return LicenseType.OcEssentialPlus;
    default:
      return undefined;
  }
}

/** A type in the product's words: `OC Essential Plus`. */
export function describeLicenseType(type: ObservedLicenseType): string {
  return WORDS[type] ?? type.replace("Unknown(", "unknown licence type ").replace(")", "");
}
