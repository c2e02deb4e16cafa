/** Every socket that the programs of one mail system open. */
import type { AmavisListener } from "../semantics/amavis/configuration.js";
import type { Location } from "../semantics/located.js";
import { familyOf, isWildcard } from "../semantics/postfix/address.js";
import type { ListenSet } from "../semantics/postfix/listen.js";
import type { Service } from "../semantics/postfix/services.js";

export interface PostfixSocket {
  readonly program: "postfix";
  readonly service: Service;
  readonly set: ListenSet;
}

export interface AmavisSocket {
  readonly program: "amavisd";
  readonly listener: AmavisListener;
}

/** One inet socket of the system, with the program behind it. */
export type InetSocket = (PostfixSocket | AmavisSocket) & {
  /** Normalised address, or a host name that is not known here. */
  readonly address: string;
  readonly port: number;
  /** The text that opens the socket. */
  readonly location: Location;
  /** False when the address rests on an assumption about the hosts file. */
  readonly certain: boolean;
  /** True for one socket that takes both families: amavisd bound to "*". */
  readonly dualStack: boolean;
};

/** "127.0.0.1:10025" or "[::1]:10025". */
export function showEndpoint(address: string, port: number | string): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** Whether a connection to address:port can reach the socket. */
export function accepts(socket: InetSocket, address: string, port: number): boolean {
  if (socket.port !== port) return false;
  if (socket.address === address) return true;
  return isWildcard(socket.address) && sharesFamily(socket, address);
}

function sharesFamily(socket: InetSocket, address: string): boolean {
  return socket.dualStack || familyOf(socket.address) === familyOf(address);
}

/** Whether two sockets compete for some address: equal, or a wildcard over the other's family. */
export function overlaps(a: InetSocket, b: InetSocket): "equal" | "wildcard" | undefined {
  if (a.port !== b.port || a.port === 0) return undefined;
  if (a.address === b.address) return "equal";
  if (isWildcard(a.address) && sharesFamily(a, b.address)) return "wildcard";
  if (isWildcard(b.address) && sharesFamily(b, a.address)) return "wildcard";
  return undefined;
}

/**
 * The sockets that answer for address:port. The kernel prefers a socket bound to the very address to a
 * wildcard one, whatever the order in the file (s2, s3).
 */
export function answering<Socket extends InetSocket>(
  sockets: readonly Socket[],
  address: string,
  port: number,
): Socket[] {
  const accepting = sockets.filter((socket) => accepts(socket, address, port));
  const specific = accepting.filter((socket) => !isWildcard(socket.address) || socket.address === address);
  return specific.length > 0 ? specific : accepting;
}
