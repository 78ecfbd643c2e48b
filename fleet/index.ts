/** What a program imports to declare all its customers and tenants by one YAML file. */
export { declareFleet, type Fleet } from "./declare-fleet";
