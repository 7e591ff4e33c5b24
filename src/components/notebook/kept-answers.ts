import {keptArguments} from "../core/session/kept-arguments.js";
import {argumentText} from "../core/session/session-host.js";
import type {KeptAnswer} from "../core/session/session.js";
import type {StageDescription} from "../core/stages/stage.js";

/** Questions whose answers a session takes with it, and how many of each: what the page shows of a chain beside its tables. */
const kept: Record<string, number> = {scores: 8, componentMap: 2, geneCounts: 4, quality: 1, cluster: 2, label: 2};

const answers: (KeptAnswer & {file: string})[] = [];

/** Remembers an answer, if a session takes it with it. */
export function keepAnswer({address, file}: StageDescription, name: string, asked: unknown, answer: unknown): void {
  const most = kept[name];
  if (most === undefined) return;
  const args = keptArguments(asked);
  const text = argumentText(args);
  const same = answers.findIndex(
    (one) => one.address === address && one.name === name && argumentText(one.args) === text
  );
  if (same >= 0) answers.splice(same, 1);
  answers.push({file: file.identity, address, name, args, answer});
  const ofName = answers.filter((one) => one.name === name);
  if (ofName.length > most) answers.splice(answers.indexOf(ofName[0]), 1);
}

/** The answers about a file that are remembered. */
export function keptAnswers(identity: string): KeptAnswer[] {
  return answers.filter(({file}) => file === identity).map(({file: _, ...answer}) => answer);
}
