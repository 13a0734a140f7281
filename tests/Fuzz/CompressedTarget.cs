using TransformerClinic.Files;

namespace TransformerClinic.Fuzz;

/// <summary>The reader of text compressed by gzip, zstd and xz: what it accepts of gzip has its checksum.</summary>
internal sealed class CompressedTarget() : FileTarget("compressed", "text")
{
    /// <summary>"eins" and "zwei", by gzip 1.12, zstd 1.5.4 and xz 5.4.1; gzip with another file behind it.</summary>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Convert.FromBase64String("H4sIAAAAAAAAA0vNzCvmqipPzeQCAJSbgsIKAAAA"),
        Convert.FromBase64String("KLUv/SQKUQAAZWlucwp6d2VpCuHeRPw="),
        Convert.FromBase64String(
            "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAJZWlucwp6d2VpCgAAAKQ1lj579si+AAEiChUa4WcftvN9AQAAAAAEWVo="
        ),
        Convert.FromBase64String("H4sIAAAAAAAAA0vNzCvmqipPzeQCAJSbgsIKAAAAH4sIAAAAAAAAA0spSs3kAgC8flBxBQAAAA=="),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        ByteMutator.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        var lines = TextLines.Read(path);
        var isGzip = input is [0x1F, 0x8B, ..];
        Require(!isGzip || lines.All(line => line is "" or "eins" or "zwei" or "drei"), "damaged text was accepted");
        return $"{(isGzip ? "gzip" : "other")} of {Math.Min(lines.Count, 4)} lines";
    }
}
