import type { Assessment } from "../assessment/assessment";
import { drifted } from "../assessment/formats/shown";
import { ALL_KINDS, type Section } from "../../provider/kinds";
import type { Usage } from "../report/usage";
import { customerMetrics } from "./customer-metrics";
import type { GaugeFamily } from "./open-metrics";
import { serviceMetrics } from "./service-metrics";

/** The gauges of each kind, in the order of the text. */
const METRICS: Readonly<Record<Section, (usage: Usage) => GaugeFamily[]>> = {
  tenants: serviceMetrics,
  customers: customerMetrics,
};

/** Licences as gauges: a pure function of how they are used and, where a fleet was compared, of what has drifted. */
export function licenseMetrics(usage: Usage, assessment: Assessment | undefined): GaugeFamily[] {
  return [
    ...Object.values(METRICS).flatMap((metricsOf) => metricsOf(usage)),
    ...(assessment === undefined ? [] : driftMetrics(assessment)),
  ];
}

/** The kinds of objects, at the start of a sentence. */
const OBJECTS = ALL_KINDS.replace(/^./, (first) => first.toUpperCase());

function driftMetrics(assessment: Assessment): GaugeFamily[] {
  return [
    {
      name: "voice_licenses_drifted_objects",
      help: `${OBJECTS} of the fleet file that are not as declared.`,
      samples: [{ labels: {}, value: drifted(assessment).length }],
    },
    {
      name: "voice_licenses_unmanaged_objects",
      help: `${OBJECTS} that hold licences and are declared nowhere.`,
      samples: [{ labels: {}, value: assessment.unmanaged.length }],
    },
  ];
}
