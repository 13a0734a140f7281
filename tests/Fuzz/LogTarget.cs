using TransformerClinic.Runs;

namespace TransformerClinic.Fuzz;

/// <summary>The reader of training logs: going on from the last update told of must keep every whole line.</summary>
internal sealed class LogTarget() : FileTarget("log", "log.jsonl")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        (
            "{\"kind\":\"train\",\"step\":10,\"loss\":4.5,\"nll\":4.25,\"learningRate\":1e-3,\"seconds\":1.5}\n"u8
            + "{\"kind\":\"valid\",\"step\":10,\"loss\":4,\"perplexity\":50,\"seconds\":2}\n"u8
        ).ToArray(),
        (
            "{\"kind\":\"rollback\",\"step\":20,\"cause\":\"its loss is not finite\",\"where\":\"encoder layer 1\","u8
            + "\"batches\":[\"epoch 0\"],\"rollbacks\":1,\"seconds\":3}\n{\"kind\":\"tra"u8
        ).ToArray(),
    ];

    protected override string Read(string path, byte[] input)
    {
        var entries = RunLog.Read(path);
        using (RunLog.Open(path, long.MaxValue, int.MaxValue))
        {
            Require(RunLog.Read(path).Count == entries.Count, "whole lines are taken away");
        }

        Require(
            new FileInfo(path).Length == Array.LastIndexOf(input, (byte)'\n') + 1,
            "something else than a line cut short is taken away"
        );
        return $"{Math.Min(entries.Count, 3)} lines";
    }
}
