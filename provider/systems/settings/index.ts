/** Settings of the two systems: one table, read from a stack and its environment, the environment alone, or a provider instance. */
export { connecting } from "./from-state";
export { settingsFrom, settingsOfEnvironment } from "./given";
export { settingName, settingNames } from "./names";
export {
  type ConnectionSettings,
  type LivePlatformSettings,
  readLivePlatformSettings,
  readReductionLimits,
  readTenantGatewaySettings,
  type SystemAddress,
  type TenantGatewaySettings,
} from "./read";
export { type Environment, problemsOf, SettingsError, type SettingsSource } from "./reader";
export { ALL_SETTINGS, type NamedSetting, SETTINGS, type SettingsPrefix, STACK_KEYS } from "./table";
