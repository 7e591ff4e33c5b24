import type {ObjectStore} from "./object-store.js";

/** A folder of a store as a store of its own: its names, and what it lists, are relative to the folder. */
export function subStore(store: ObjectStore, folder: string): ObjectStore {
  const within = (name: string) => (name === "" ? folder : `${folder}/${name}`);
  return {
    name: store.name,
    read: (name) => store.read(within(name)),
    write: (name, bytes) => store.write(within(name), bytes),
    remove: (name) => store.remove(within(name)),
    list: async (inner) =>
      (await store.list(within(inner))).map(({name, bytes}) => ({name: name.slice(folder.length + 1), bytes}))
  };
}
