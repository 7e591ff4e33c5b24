import type {ToThread} from "../../core/threads/messages.js";
import {serveThread} from "../../core/threads/serve-thread.js";

const serve = serveThread((message, transfer) => postMessage(message, {transfer}));
addEventListener("message", ({data}) => void serve(data as ToThread));
