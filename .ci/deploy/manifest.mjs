// Checks each object of a Kubernetes manifest against the API's schema, and that names which refer to each other agree.
import { readFileSync } from "node:fs";
import yaml from "js-yaml";
import * as core from "kubernetes-models/v1";
import * as apps from "kubernetes-models/apps/v1";

const file = process.argv[2];
const objects = yaml.loadAll(readFileSync(file, "utf8"));
let failed = false;
function expect(condition, message) {
  if (!condition) {
    console.error(`${file}: ${message}`);
    failed = true;
  }
}

for (const object of objects) {
  const kind = ({ v1: core, "apps/v1": apps })[object.apiVersion]?.[object.kind];
  if (kind === undefined) {
    expect(false, `${object.apiVersion} ${object.kind} is unknown`);
    continue;
  }
  try {
    new kind(object).validate();
  } catch (error) {
    expect(false, `${object.kind}: ${error.message}`);
  }
}

const find = (kind) => objects.find((object) => object.kind === kind);
const template = find("Deployment").spec.template;
const [container] = template.spec.containers;
const labels = JSON.stringify(template.metadata.labels);
const ports = container.ports.map((port) => port.name);
const mounted = container.volumeMounts.map((mount) => mount.name).sort().join();
expect(JSON.stringify(find("Deployment").spec.selector.matchLabels) === labels, "the Deployment selects other pods than its own");
expect(JSON.stringify(find("Service").spec.selector) === labels, "the Service selects other pods than the Deployment's");
expect(ports.includes(find("Service").spec.ports[0].targetPort), "the Service leads to a port that the container does not have");
for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"])
  expect(ports.includes(container[probe].httpGet.port), `${probe} asks a port that the container does not have`);
expect(template.spec.volumes.map((volume) => volume.name).sort().join() === mounted, "the volumes are not those that are mounted");
expect(
  template.spec.volumes.some((volume) => volume.persistentVolumeClaim?.claimName === find("PersistentVolumeClaim").metadata.name),
  "the claim is not used",
);
process.exit(failed ? 1 : 0);
