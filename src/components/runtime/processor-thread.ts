import {parentPort} from "node:worker_threads";
import type {ToThread} from "../core/threads/messages.js";
import {serveThread} from "../core/threads/serve-thread.js";

const serve = serveThread((message, transfer) => parentPort!.postMessage(message, transfer));
parentPort!.on("message", (message: ToThread) => void serve(message));
