// An exported model in the browser or in Node: two ONNX graphs and a tokenizer, greedy search, nothing else.
import * as ort from 'onnxruntime-web';
import { Tokenizer } from '@huggingface/tokenizers';

const LONGEST = 256;

export class Translator {
  /**
   * Opens an export (clinic export onnx, or hf).
   * @param {(path: string) => Promise<Uint8Array>} read reads a file of the folder
   * @param {string} suffix '' for float32, '_quantized' for int8
   */
  static async open(read, suffix = '') {
    const json = async path => JSON.parse(new TextDecoder().decode(await read(path)));
    const translator = new Translator();
    translator.config = await json('config.json');
    translator.tokenizer = new Tokenizer(await json('tokenizer.json'), await json('tokenizer_config.json'));
    translator.encoder = await ort.InferenceSession.create(await read(`onnx/encoder_model${suffix}.onnx`));
    translator.decoder = await ort.InferenceSession.create(await read(`onnx/decoder_model_merged${suffix}.onnx`));
    return translator;
  }

  /** The translation of a sentence. `onToken` is told what there is so far. */
  async translate(text, onToken = () => {}) {
    const source = this.tokenizer.encode(text).ids;
    const mask = integers(source.map(() => 1));
    const { last_hidden_state } = await this.encoder.run({ input_ids: integers(source), attention_mask: mask });
    const { eos_token_id: end, pad_token_id: padding, decoder_start_token_id: start } = this.config;
    let cache = this.emptyCache();
    const found = [];
    for (let token = start; found.length < LONGEST; ) {
      const step = await this.decoder.run({
        input_ids: integers([token]),
        encoder_hidden_states: last_hidden_state,
        encoder_attention_mask: mask,
        use_cache_branch: new ort.Tensor('bool', [found.length > 0], [1]),
        ...cache,
      });
      token = best(step.logits.data, padding);
      if (token === end) {
        break;
      }

      found.push(token);
      onToken(this.tokenizer.decode(found));
      cache = grown(cache, step, found.length === 1);
    }

    return this.tokenizer.decode(found);
  }

  emptyCache() {
    const { decoder_layers: layers, decoder_attention_heads: heads, d_model: dim } = this.config;
    const names = [...Array(layers).keys()].flatMap(layer =>
      ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(kind => `past_key_values.${layer}.${kind}`),
    );
    return Object.fromEntries(names.map(name => [name, new ort.Tensor('float32', [], [1, heads, 0, dim / heads])]));
  }
}

/** Keys and values of the source are computed by the first step; later steps only add to those of the target. */
function grown(cache, step, isFirst) {
  return Object.fromEntries(
    Object.entries(cache).map(([name, kept]) => [
      name,
      isFirst || name.includes('.decoder.') ? step[name.replace('past_key_values', 'present')] : kept,
    ]),
  );
}

/** The most probable token; padding is never one. */
function best(logits, padding) {
  let winner = padding === 0 ? 1 : 0;
  for (let id = 0; id < logits.length; id++) {
    if (id !== padding && logits[id] > logits[winner]) {
      winner = id;
    }
  }

  return winner;
}

function integers(values) {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}
