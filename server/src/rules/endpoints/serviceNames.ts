/** The sockets that Postfix's programs look for by the names of *_service_name parameters. */

import { lazy } from "../../knowledge/lazy.js";
import { type ServiceNameParameter, serviceNameParameters } from "../../knowledge/services.js";
import type { Service } from "../../semantics/postfix/services.js";

const byName = lazy(() => new Map(serviceNameParameters().map((row) => [row.parameter, row] as const)));

/** The service that a parameter names; undefined for other parameters. */
export function serviceNameParameter(name: string): ServiceNameParameter | undefined {
  return byName().get(name);
}

/** Whether a service makes the socket private/NAME or public/NAME. */
export function isServiceFor(service: Service, name: string, isPublic: boolean): boolean {
  return service.name === name && service.type !== "inet" && service.public === isPublic;
}
