/** What a program imports to declare a whole fleet by one YAML file. */
export { declareFleet, type Fleet } from "./declare-fleet";
