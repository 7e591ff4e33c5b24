// Loaded before a program (node --import): any use of Node's own network modules, but for sockets within the machine and
// loopback, ends it with status 70 and a line that says what was tried.
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";
import {syncBuiltinESMExports} from "node:module";

const refuse = (what) => {
  process.stderr.write(`network used: ${what}\n`);
  process.exit(70);
};
const {connect} = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const path = typeof options === "string" ? options : options?.path;
  const host = options?.host ?? "localhost";
  if (path === undefined && !/^(localhost|127\..*|::1)$/.test(host)) refuse(`connect to ${host}`);
  return connect.apply(this, args);
};
dgram.createSocket = () => refuse("a datagram socket");
for (const name of Object.keys(dns)) {
  if (/^(lookup|resolve|reverse)/.test(name)) dns[name] = (host) => refuse(`${name} of ${host}`);
  if (/^(lookup|resolve|reverse)/.test(name) && name in dns.promises) dns.promises[name] = dns[name];
}
syncBuiltinESMExports();
