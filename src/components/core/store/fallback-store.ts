import type {ObjectStore} from "./object-store.js";

/**
 * An object store that writes to `first`, and to `second` what `first` has no room for; it reads from both. A write rejects as
 * `first` did, after `second` has taken it: the caller says that results are not kept, and has them all the same.
 */
export function fallbackStore(first: ObjectStore, second: ObjectStore): ObjectStore {
  return {
    name: first.name,
    read: async (name) => (await first.read(name)) ?? second.read(name),
    async write(name, bytes) {
      try {
        await first.write(name, bytes);
      } catch (error) {
        await second.write(name, bytes);
        throw error;
      }
    },
    async remove(name) {
      await Promise.all([first.remove(name), second.remove(name)]);
    },
    async list(folder) {
      const objects = [...(await first.list(folder)), ...(await second.list(folder))];
      return objects.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async names(folder) {
      const listed = async (store: ObjectStore) => (await store.list(folder)).map(({name}) => name);
      return [...((await first.names?.(folder)) ?? (await listed(first))), ...(await listed(second))];
    }
  };
}
