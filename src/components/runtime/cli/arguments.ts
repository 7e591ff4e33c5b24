import {parseArgs} from "node:util";
import {WorkbookError} from "../../core/errors.js";
import type {CommandSpec} from "./command-options.js";
import {commands} from "./commands.js";

/** A command line that has been understood: names known, required options there, choices valid. */
export interface Invocation {
  command: string;
  /** The first file; "" for a command that takes none. */
  argument: string;
  /** All files, where a command takes several. */
  files: string[];
  /** Options by name; switches are "true". */
  options: Record<string, string>;
}

/**
 * Reads `argv` (without node and script). Returns null where help was asked for (no arguments, --help, help).
 * Throws a WorkbookError of domain "usage" that names the fault and the command's form.
 */
export function parseInvocation(argv: string[]): Invocation | {help: string | null} {
  const [command, ...rest] = argv;
  if (command === undefined || command === "--help" || command === "-h") return {help: null};
  if (command === "help") {
    const asked = rest.find((word) => !word.startsWith("-"));
    if (asked !== undefined) commandCalled(asked);
    return {help: asked ?? null};
  }
  const spec = commandCalled(command);
  if (rest.includes("--help") || rest.includes("-h")) return {help: command};
  const {positionals, options} = parse(command, spec, rest);
  if (spec.argument === null) {
    const fault = `${command} takes no file, got ${positionals.join(" ")}`;
    if (positionals.length > 0) throw usage("arguments", fault, `write: ${form(command)}`);
  } else if (positionals.includes("")) {
    throw usage("arguments", `${spec.argument} is empty`, `write: ${form(command)}`);
  } else if (spec.several ? positionals.length === 0 : positionals.length !== 1) {
    const fault = `${command} takes ${spec.several ? "one or more" : "one"} ${spec.argument}, got ${positionals.length}`;
    throw usage("arguments", fault, `write: ${form(command)}`);
  }
  for (const [name, option] of Object.entries(spec.options)) {
    const value = options[name];
    if (option.value && value?.trim() === "")
      throw usage("bad-option", `--${name} is empty`, `name a ${option.value}, or leave --${name} out`);
    if (option.required && value === undefined)
      throw usage("missing-option", `${command} needs --${name}`, `write: ${form(command)}`);
    if (value !== undefined && option.choices && !option.choices.includes(value)) {
      throw usage("bad-option", `--${name} cannot be "${value}"`, `use ${option.choices.join(" or ")}`);
    }
  }
  return {command, argument: positionals[0] ?? "", files: positionals, options};
}

function commandCalled(name: string): CommandSpec {
  if (Object.hasOwn(commands, name)) return commands[name];
  throw usage("unknown-command", `there is no command "${name}"`, `use one of ${Object.keys(commands).join(", ")}`);
}

/** An integer option within [least, most]; `fallback` where it is absent. Throws a usage error that names the range. */
export function integerOption(
  options: Record<string, string>,
  name: string,
  fallback: number,
  least: number,
  most: number
): number {
  const value = numberOption(options, name, fallback, least, most);
  if (!Number.isInteger(value))
    throw usage("bad-option", `--${name} must be a whole number, got "${options[name]}"`, `use ${least} to ${most}`);
  return value;
}

/** A number option within [least, most]; `fallback` where it is absent. Throws a usage error that names the range. */
export function numberOption(
  options: Record<string, string>,
  name: string,
  fallback: number,
  least: number,
  most: number
): number {
  const text = options[name];
  if (text === undefined) return fallback;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= least && value <= most))
    throw usage("bad-option", `--${name} cannot be "${text}"`, `use a number from ${least} to ${most}`);
  return value;
}

/** "A-B" or "A" to inclusive bounds; null where it is absent. Throws a usage error for anything else. */
export function rowsOption(options: Record<string, string>): {first: number; last: number} | null {
  const text = options["rows"];
  if (text === undefined) return null;
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? match?.[1]);
  if (!match || first > last || last > 2 ** 31 - 2) {
    throw usage("bad-option", `--rows cannot be "${text}"`, "use A-B with A not above B, zero-based, for example 0-99");
  }
  return {first, last};
}

/** "I/N" to both numbers, I from 1 to N; null where it is absent. Throws a usage error for anything else. */
export function shardOption(options: Record<string, string>): {index: number; of: number} | null {
  const text = options["shard"];
  if (text === undefined) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match && index >= 1 && index <= of) return {index, of};
  throw usage("bad-option", `--shard cannot be "${text}"`, "use I/N with I from 1 to N, for example 2/8");
}

/** The text of `help` for one command, or of the whole program for null. */
export function helpText(command: string | null): string {
  if (command === null || !Object.hasOwn(commands, command)) {
    const list = Object.entries(commands).flatMap(([name, {summary}]) => [`  ${form(name)}`, `      ${summary}`]);
    return [
      "uce-workbook: single cells through a foundation model, on this machine alone",
      "",
      ...list,
      "",
      "  help COMMAND explains one command. Exit status: 0 done, 1 usage, 2 the file cannot be used, 130 canceled."
    ]
      .flatMap((line) => wrap(line))
      .join("\n");
  }
  const spec = commands[command];
  const options = Object.entries(spec.options).map(([name, {value, help, required}]) => {
    const left = `--${name}${value ? ` ${value}` : ""}`;
    return `  ${left.padEnd(22)} ${help}${required ? " (required)" : ""}`;
  });
  const example = `Example: node src/cli.js ${spec.example}`;
  return [
    ...wrap(form(command)),
    "",
    `  ${spec.summary}`,
    "",
    ...options.flatMap((line) => wrap(line, 25)),
    "",
    example
  ].join("\n");
}

/** `line` in pieces of 120 characters at most, broken between words and options; later pieces are indented further. */
function wrap(line: string, indent = line.search(/\S|$/) + 6): string[] {
  if (line.length <= 120) return [line];
  const words = line.slice(0, 121).split(/ (?![^[]*\])/);
  const first = words.slice(0, -1).join(" ");
  return [first, ...wrap(" ".repeat(indent) + line.slice(first.length + 1), indent)];
}

/** A WorkbookError of domain "usage": exit status 1. */
export function usage(code: string, fault: string, remedy: string): WorkbookError {
  return new WorkbookError({domain: "usage", code, fault, remedy});
}

function parse(
  command: string,
  spec: CommandSpec,
  args: string[]
): {positionals: string[]; options: Record<string, string>} {
  const options = Object.fromEntries(
    Object.entries(spec.options).map(([name, {value}]) => [
      name,
      {type: value ? ("string" as const) : ("boolean" as const)}
    ])
  );
  try {
    const {positionals, values} = parseArgs({args, options, allowPositionals: true, strict: true});
    const text = Object.entries(values).map(([name, value]) => [name, String(value)]);
    return {positionals, options: Object.fromEntries(text) as Record<string, string>};
  } catch (error) {
    const message = (error as Error).message.split(/[.\n]/)[0].replace(/^U/, "u").replace(/^O/, "o");
    throw usage("arguments", `${command}: ${message}`, `write: ${form(command)}`);
  }
}

function form(command: string): string {
  const {argument, several, options} = commands[command];
  const words = Object.entries(options).map(([name, {value, required}]) => {
    const word = `--${name}${value ? ` ${value}` : ""}`;
    return required ? word : `[${word}]`;
  });
  const ordered = words.sort((a, b) => Number(a.startsWith("[")) - Number(b.startsWith("[")));
  return [command, ...(argument === null ? [] : [several ? `${argument}...` : argument]), ...ordered].join(" ");
}
