// npm pack, in the repository itself: its package.json is that of the workshop, with Framework, the tests' tools and no entry. What others
// install is the folder package/, with a package.json of its own (docs/notebook.md).
process.stderr.write(
  "This folder is the repository. `npm run package` builds and packs what other projects install: package/*.tgz\n"
);
process.exitCode = 1;
