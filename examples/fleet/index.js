require("pulumi-voice-licenses/fleet").declareFleet("licenses.yaml");
