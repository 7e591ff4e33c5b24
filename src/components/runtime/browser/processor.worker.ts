import type {ToThread} from "../../core/threads/messages.js";
import {serveThread} from "../../core/threads/serve-thread.js";

/** Whom it serves: who started it, or the port that came with the first message. */
let owner: {postMessage(message: unknown, options: {transfer: Transferable[]}): void} = self;
const serve = serveThread((message, transfer) => owner.postMessage(message, {transfer}));
addEventListener("message", ({data, ports: [port]}) => {
  if (port === undefined) return void serve(data as ToThread);
  owner = port;
  port.onmessage = ({data}) => void serve(data as ToThread);
});
