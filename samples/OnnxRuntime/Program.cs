using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Tokenizers.DotNet;

// An exported model (clinic export onnx, or hf) without TransformerClinic and without libtorch: a line in, a line out.
if (args is not [var folder])
{
    Console.Error.WriteLine("usage: dotnet run --project samples/OnnxRuntime EXPORTED_MODEL < sentences");
    return 2;
}

const int Longest = 256;
using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
long Setting(string name) => config.RootElement.GetProperty(name).GetInt64();
var (end, padding) = (Setting("eos_token_id"), Setting("pad_token_id"));
var tokenizer = new Tokenizer(Path.Combine(folder, "tokenizer.json"));
using var encoder = new InferenceSession(Path.Combine(folder, "onnx/encoder_model.onnx"));
using var decoder = new InferenceSession(Path.Combine(folder, "onnx/decoder_model_merged.onnx"));
using var run = new RunOptions();

while (Console.ReadLine() is { } line)
{
    Console.WriteLine(string.IsNullOrWhiteSpace(line) ? "" : tokenizer.Decode([.. Translate(line)]));
}

return 0;

// Greedy search: each step gives the newest token to the decoder, and takes the most probable next one.
List<uint> Translate(string text)
{
    long[] source = [.. tokenizer.Encode(text).Select(id => (long)id)];
    using var ids = Integers(source);
    using var mask = Integers([.. source.Select(_ => 1L)]);
    using var hidden = encoder.Run(run, ["input_ids", "attention_mask"], [ids, mask], ["last_hidden_state"]);
    var past = EmptyCache();
    var found = new List<uint>();
    for (var token = Setting("decoder_start_token_id"); found.Count < Longest; found.Add((uint)token))
    {
        var isFirst = found.Count == 0;
        using var newest = Integers([token]);
        using var started = OrtValue.CreateTensorValueFromMemory(new[] { !isFirst }, [1]);
        string[] names =
        [
            "input_ids",
            "encoder_hidden_states",
            "encoder_attention_mask",
            "use_cache_branch",
            .. past.Keys.Select(name => $"past_key_values.{name}"),
        ];
        OrtValue[] values = [newest, hidden[0], mask, started, .. past.Values];
        // Keys and values of the source are computed by the first step only.
        string[] grown = [.. past.Keys.Where(name => isFirst || name.Contains(".decoder.", StringComparison.Ordinal))];
        var step = decoder.Run(run, names, values, ["logits", .. grown.Select(name => $"present.{name}")]);
        foreach (var (name, value) in grown.Zip(step.Skip(1)))
        {
            past[name].Dispose();
            past[name] = value;
        }

        token = Best(step[0].GetTensorDataAsSpan<float>());
        step[0].Dispose();
        if (token == end)
        {
            break;
        }
    }

    foreach (var value in past.Values)
    {
        value.Dispose();
    }

    return found;
}

Dictionary<string, OrtValue> EmptyCache()
{
    long[] shape = [1, Setting("decoder_attention_heads"), 0, Setting("d_model") / Setting("decoder_attention_heads")];
    string[] kinds = ["decoder.key", "decoder.value", "encoder.key", "encoder.value"];
    return Enumerable
        .Range(0, (int)Setting("decoder_layers"))
        .SelectMany(layer => kinds.Select(kind => $"{layer}.{kind}"))
        .ToDictionary(name => name, _ => OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), shape));
}

// The most probable token; padding is never one.
long Best(ReadOnlySpan<float> logits)
{
    var best = padding == 0 ? 1 : 0;
    for (var id = 0; id < logits.Length; id++)
    {
        best = id != padding && logits[id] > logits[best] ? id : best;
    }

    return best;
}

static OrtValue Integers(long[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, values.Length]);
