import {describe, expect, it} from "vitest";
import {readCheckpointConfig} from "../../../src/components/core/convert/checkpoint-config.js";

describe("config.json", () => {
  it("takes the public code's defaults for absent and null fields", () => {
    expect(readCheckpointConfig({num_layers: 8, dim_feedforward: null})).toEqual({
      vocabularySize: 145469,
      inputWidth: 5120,
      inputLayerNorm: true,
      width: 512,
      layers: 8,
      heads: 16,
      feedForward: 2048,
      activation: "gelu",
      maxSequenceLength: 10000,
      padding: 0,
      positions: "sinusoidal",
      outputWidth: 512,
      decoderWidths: [1024, 512, 512, 1]
    });
  });

  it("derives widths from widths", () => {
    const config = readCheckpointConfig({d_model: 128, nhead: 4, output_embedding_dim: 96, expansion_factor: 2});
    expect(config.feedForward).toBe(256);
    expect(config.decoderWidths).toEqual([224, 512, 512, 1]);
  });

  it.each([
    [{embedding_reduction: "mean"}, /embedding_reduction is "mean", which is not supported \(only "cls"\)/],
    [{activation: "swish"}, /activation is "swish".*"gelu" or "relu"/],
    [{positional_encoding_type: "rotary"}, /positional_encoding_type is "rotary"/],
    [{d_model: 500}, /d_model 500 is not a multiple of nhead 16/],
    [{num_layers: 0}, /num_layers is 0, not a whole number of at least 1/],
    [{vocab_size: "many"}, /vocab_size is "many"/],
    [{decoder_layer_dims: [1024, 512, 2]}, /decoder_layer_dims is \[1024,512,2\], not widths from 1024/],
    [{decoder_layer_dims: [1000, 1]}, /from 1024/],
    [{use_embedding_layer_norm: "yes"}, /use_embedding_layer_norm is "yes"/],
    ["text", /not a JSON object/],
    [null, /not a JSON object/]
  ])("refuses %j in words", (config, message) => {
    expect(() => readCheckpointConfig(config)).toThrow(message);
  });
});
