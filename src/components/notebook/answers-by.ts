import type {QuestionName} from "../core/questions/index.js";
import {AnswerRunner} from "../core/stages/answer-runner.js";
import type {StageDescription} from "../core/stages/stage.js";

/** Asks a question of a stage once that stage's table is there, in a page or in Node. */
type AskWhenDone = (
  stage: StageDescription,
  name: QuestionName,
  args: never,
  options: {signal: AbortSignal; onBegin(): void; onProgress(done: number, total: number): void; whenDone: true}
) => Promise<unknown>;

/** What computes answers by `ask`. An answer is made by a function of its own (`cluster`), which knows the arguments of its question. */
export function answersBy(ask: AskWhenDone): AnswerRunner {
  return new AnswerRunner(
    ({name, parent, parameters, beside}, options) =>
      ask(parent, name as QuestionName, {...parameters, ...beside} as never, {
        ...options,
        whenDone: true
      }) as Promise<never>
  );
}
