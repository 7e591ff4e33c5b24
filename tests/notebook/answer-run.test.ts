// @vitest-environment jsdom
import {tableFromArrays} from "apache-arrow";
import {expect, test, vi} from "vitest";
import {AnswerRunner} from "../../src/components/core/stages/answer-runner.js";
import {cluster} from "../../src/components/core/stages/cluster.js";
import {embed, load, normalize, sample, type OpenFile} from "../../src/components/core/stages/stage.js";
import {tableToStreamBytes} from "../../src/components/core/tables/file.js";
import {answerRun} from "../../src/components/notebook/answer-run.js";

test("the line says what an answer waits for, and then what is done", async () => {
  let [begin, end] = [() => {}, () => {}];
  const answers = new AnswerRunner(
    (_, {onBegin}) =>
      new Promise((resolve) => {
        begin = onBegin;
        end = () => resolve(tableToStreamBytes(tableFromArrays({row: Int32Array.of(0)})));
      })
  );
  const file = {identity: "9-ab", inspection: {matrix: {name: "X"}}, answers} as unknown as OpenFile;
  const line = answerRun({verb: "Label the cells"});
  const clusters = cluster(embed(sample(normalize(load(file)))));
  const asked = line.ask(clusters, {unasked: true, doing: "Comparing with the reference"});
  const words = () => line.querySelector("[role=status]")!.textContent;
  await vi.waitFor(() => expect(words()).toBe("Waiting for the vectors …"));
  begin();
  await vi.waitFor(() => expect(words()).toBe("Comparing with the reference …"));
  end();
  await asked;
  expect(words()).toBe("");
});
