/** Fields of config.json that decide what is computed; `readCheckpointConfig` reads them. */
export const usedFields = [
  "vocab_size",
  "embedding_dim",
  "use_embedding_layer_norm",
  "d_model",
  "num_layers",
  "nhead",
  "dim_feedforward",
  "expansion_factor",
  "activation",
  "max_sequence_length",
  "padding_idx",
  "positional_encoding_type",
  "embedding_reduction",
  "output_embedding_dim",
  "decoder_layer_dims"
] as const;

/**
 * Fields that the public code does not read, with the one value that says what it computes all the same: post-norm layers
 * with biases and PyTorch's LayerNorm. Any other value belongs to another model.
 */
export const fixedFields: Readonly<Record<string, readonly unknown[]>> = {
  model_type: ["uce"],
  norm_first: [false],
  layer_norm_eps: [1e-5],
  layer_norm_epsilon: [1e-5],
  bias: [true],
  batch_first: [true, false],
  is_decoder: [false],
  is_encoder_decoder: [false],
  add_cross_attention: [false],
  cross_attention_hidden_size: [null],
  tie_encoder_decoder: [false],
  pruned_heads: ["{}"],
  chunk_size_feed_forward: [0],
  torchscript: [false, true],
  quantization_config: [null]
};

/**
 * Fields that bear on training, on how the weights are loaded, on labels or on text generation, and on no number of an
 * embedding: dropout is off when a model is used, tables are in the weights, and the rest is written by the transformers
 * library into the config.json of any model.
 */
export const irrelevantFields: ReadonlySet<string> = new Set(
  `dropout decoder_dropout decoder_expansion_factors embedding_init_path embedding_requires_grad initializer_range
  architectures auto_map custom_pipelines torch_dtype dtype transformers_version _name_or_path name_or_path _commit_hash
  _attn_implementation_autoset attn_implementation use_cache tie_word_embeddings gradient_checkpointing return_dict
  use_return_dict output_attentions output_hidden_states use_bfloat16 tf_legacy_loss tokenizer_class prefix task_specific_params
  problem_type finetuning_task id2label label2id num_labels bos_token_id eos_token_id pad_token_id sep_token_id
  decoder_start_token_id max_length min_length do_sample early_stopping num_beams num_beam_groups diversity_penalty
  temperature top_k top_p typical_p repetition_penalty length_penalty no_repeat_ngram_size
  encoder_no_repeat_ngram_size bad_words_ids num_return_sequences output_scores return_dict_in_generate
  forced_bos_token_id forced_eos_token_id remove_invalid_values exponential_decay_length_penalty suppress_tokens
  begin_suppress_tokens`
    .split(/\s+/)
    .filter((name) => name !== "")
);
