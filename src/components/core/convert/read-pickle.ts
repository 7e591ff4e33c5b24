import {pickleFault, PickleMachine, type PickleRules} from "./pickle-machine.js";
import {PickleReader} from "./pickle-reader.js";

/** What the instructions of Python's protocols 2 to 5 do that `torch.save` writes, by number (Python's pickletools). */
const instructions: Record<number, (machine: PickleMachine, reader: PickleReader) => void> = {
  // PROTO, FRAME
  0x80: (_, reader) => reader.skip(1),
  0x95: (_, reader) => reader.skip(8),
  // MARK, POP
  0x28: (machine) => machine.mark(),
  0x30: (machine) => void machine.pop(),
  // NONE, NEWTRUE, NEWFALSE, BININT, BININT1, BININT2, LONG1, BINFLOAT
  0x4e: (machine) => machine.push(null),
  0x88: (machine) => machine.push(true),
  0x89: (machine) => machine.push(false),
  0x4a: (machine, reader) => machine.push(reader.number(4) | 0),
  0x4b: (machine, reader) => machine.push(reader.number(1)),
  0x4d: (machine, reader) => machine.push(reader.number(2)),
  0x8a: (machine, reader) => machine.push(reader.long(reader.number(1))),
  0x47: (machine, reader) => machine.push(reader.double()),
  // BINUNICODE, SHORT_BINUNICODE, BINSTRING, SHORT_BINSTRING
  0x58: (machine, reader) => machine.push(reader.text(reader.number(4))),
  0x8c: (machine, reader) => machine.push(reader.text(reader.number(1))),
  0x54: (machine, reader) => machine.push(reader.text(reader.number(4))),
  0x55: (machine, reader) => machine.push(reader.text(reader.number(1))),
  // EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT, TUPLE, TUPLE1, TUPLE2, TUPLE3
  0x29: (machine) => machine.push([]),
  0x5d: (machine) => machine.push([]),
  0x7d: (machine) => machine.push(new Map()),
  0x74: (machine) => machine.push(machine.fromMark()),
  0x85: (machine) => machine.push(machine.tuple(1)),
  0x86: (machine) => machine.push(machine.tuple(2)),
  0x87: (machine) => machine.push(machine.tuple(3)),
  // APPEND, APPENDS, SETITEM, SETITEMS
  0x61: (machine) => machine.append(machine.tuple(1)),
  0x65: (machine) => machine.append(machine.fromMark()),
  0x73: (machine) => machine.setItems(machine.tuple(2)),
  0x75: (machine) => machine.setItems(machine.fromMark()),
  // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  0x71: (machine, reader) => machine.remember(reader.number(1)),
  0x72: (machine, reader) => machine.remember(reader.number(4)),
  0x94: (machine) => machine.remember(),
  0x68: (machine, reader) => machine.recall(reader.number(1)),
  0x6a: (machine, reader) => machine.recall(reader.number(4)),
  // GLOBAL, STACK_GLOBAL, BINPERSID, REDUCE, NEWOBJ
  0x63: (machine, reader) => machine.named(reader.line(), reader.line()),
  0x93: (machine) => {
    const [module, own] = machine.tuple(2);
    machine.named(module, own);
  },
  0x51: (machine) => machine.persistent(),
  0x52: (machine) => machine.call(),
  0x81: (machine) => machine.call(),
  // BUILD: state that an object is given afterwards; of a dictionary of tensors it is the versions of modules.
  0x62: (machine) => void machine.pop()
};
const stop = 0x2e;

/**
 * The value that a pickle holds, as data: nothing is looked up, constructed or called but what `rules` name, so one that asks for
 * `os.system` is refused with that name. Instructions that `torch.save` does not write for a dictionary of tensors are refused by number.
 * Throws a WorkbookError of domain "checkpoint": "unsafe-pickle", "bad-pickle".
 */
export function readPickle(bytes: Uint8Array, name: string, rules: PickleRules): unknown {
  const reader = new PickleReader(bytes, name);
  const machine = new PickleMachine(name, rules);
  for (;;) {
    const code = reader.number(1);
    if (code === stop) return machine.pop();
    const run = instructions[code];
    if (run === undefined)
      throw pickleFault(
        name,
        "bad-pickle",
        `uses instruction ${code} at byte ${reader.at - 1}, which no dictionary of tensors needs`
      );
    run(machine, reader);
  }
}
