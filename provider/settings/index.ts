/** Settings of the two systems: one table, read from a stack and its environment, the environment alone, or a provider instance. */
export { connecting } from "./from-state";
export { checkInstance, instanceSettings, problemsOf } from "./instance";
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
export {
  type Environment,
  type SettingProblem,
  SettingsError,
  type SettingsSource,
  type StackConfiguration,
} from "./reader";
export { ALL_SETTINGS, DEFAULTS, type NamedSetting, SETTINGS, type SettingsPrefix } from "./table";
