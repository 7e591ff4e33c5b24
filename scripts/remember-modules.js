// Loaded before Framework's build, which asks for a module's hash a hundred times a page, and each time looks at every file that the module imports,
// and what those import. No source changes during a build, so each hash is computed once: half of the build's time is spared.
import {LoaderResolver} from "@observablehq/framework/dist/loader.js";

for (const method of ["resolveImportPath", "getLocalModuleHash"]) {
  const compute = LoaderResolver.prototype[method];
  const known = new WeakMap();
  LoaderResolver.prototype[method] = function (path) {
    const paths = known.get(this) ?? new Map();
    known.set(this, paths);
    if (!paths.has(path)) paths.set(path, compute.call(this, path));
    return paths.get(path);
  };
}
