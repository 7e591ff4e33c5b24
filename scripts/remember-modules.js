// Framework asks for a module's hash a hundred times a page, and each time looks at every file that the module imports, and what those import.
// Loaded before its build, during which no source changes, this has each hash computed once: half of the build's time is spared.
import {statSync} from "node:fs";
import {join} from "node:path";
import {findModule} from "@observablehq/framework/dist/javascript/module.js";
import {LoaderResolver} from "@observablehq/framework/dist/loader.js";
import {isPathImport, relativePath, resolvePath} from "@observablehq/framework/dist/path.js";

/** Hashes by loader, method and path. */
let known = new WeakMap();

for (const method of ["resolveImportPath", "getModuleHash", "getLocalModuleHash"]) {
  const compute = LoaderResolver.prototype[method];
  LoaderResolver.prototype[method] = function (path) {
    const paths = known.get(this) ?? new Map();
    known.set(this, paths);
    const key = `${method} ${path}`;
    if (!paths.has(key)) paths.set(key, compute.call(this, path));
    return paths.get(key);
  };
}

/**
 * For preview, where sources change: what is known is forgotten whenever a page is read, which is when it is opened, when its connection says hello, and
 * when something that it is made of has changed. Modules that the page then asks for take the hashes that it has.
 */
export function forgetWithEachPage() {
  const {loadPage, getModuleResolver} = LoaderResolver.prototype;
  LoaderResolver.prototype.loadPage = function (...of) {
    known = new WeakMap();
    return loadPage.apply(this, of);
  };
  LoaderResolver.prototype.getModuleResolver = function (path, from = `/_import${resolvePath("/", path)}`) {
    const resolve = getModuleResolver.call(this, path, from);
    return async (name) =>
      isPathImport(name) ? relativePath(from, this.resolveImportPath(resolvePath(path, name))) : resolve(name);
  };
}

/**
 * Has a preview's `server` answer again with what it answered once: its own client, which comes from packages alone and is bundled anew for each page
 * else, and modules below `root`, whose addresses carry a hash of all that they are made of; a module's file must be as old as it was, too.
 */
export function rememberAnswers(server, root) {
  /** The last answer of each address without its hash: what a module was before it was edited is not kept. */
  const answers = new Map();
  const [answer] = server.listeners("request");
  server.off("request", answer);
  server.on("request", (request, response) => {
    const key = keyOf(request, root);
    if (key === undefined) return answer(request, response);
    const [path] = request.url.split("?");
    const known = answers.get(path);
    if (known?.key === key) {
      const {type, tag, content} = known;
      response.setHeader("Content-Type", type).setHeader("ETag", tag);
      return request.headers["if-none-match"] === tag ? response.writeHead(304).end() : response.end(content);
    }
    const {end} = response;
    response.end = (content, ...rest) => {
      const [type, tag] = ["Content-Type", "ETag"].map((name) => response.getHeader(name));
      if (response.statusCode === 200 && tag !== undefined) answers.set(path, {key, type, tag, content});
      return end.call(response, content, ...rest);
    };
    return answer(request, response);
  });
}

/** What an answer depends on that may be given again; undefined for every other request. */
function keyOf({method, url}, root) {
  if (method !== "GET") return undefined;
  const [path, query = ""] = url.split("?");
  if (/^\/_observablehq\/.*\.(js|css)$/.test(path)) return url;
  if (!path.startsWith("/_import/") || !path.endsWith(".js") || !query.startsWith("sha=")) return undefined;
  try {
    const module = findModule(root, decodeURI(path.slice("/_import".length)));
    return module === undefined ? undefined : `${url} ${statSync(join(root, module.path)).mtimeMs}`;
  } catch {
    // An address that cannot be read, or a file that has just gone: Framework says so.
    return undefined;
  }
}
