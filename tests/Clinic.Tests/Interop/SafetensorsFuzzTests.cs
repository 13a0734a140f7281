using TransformerClinic.Bench.Fuzz;

namespace TransformerClinic.Tests.Interop;

/// <summary>A short run of bench/Fuzz, which runs for as long as one likes (docs/reliability.md).</summary>
public class SafetensorsFuzzTests
{
    private const int Executions = 4000;

    [Fact]
    public void The_reader_refuses_or_reads_whatever_it_is_given() => AssertNothingFound(new ReaderTarget(), ways: 20);

    [Fact]
    public void The_reader_reads_what_the_writer_does_not_refuse() => AssertNothingFound(new WriterTarget(), ways: 20);

    [Fact]
    public void A_defect_is_found()
    {
        using var target = new DefectiveTarget();
        var fuzzer = new Fuzzer(target, seed: 1);

        fuzzer.Run(200_000, TimeSpan.MaxValue / 2);

        Assert.Equal("two in a row after a one", Assert.Single(fuzzer.Findings).Defect.Message);
    }

    private static void AssertNothingFound(IFuzzTarget target, int ways)
    {
        using (target)
        {
            var fuzzer = new Fuzzer(target, seed: 1);

            fuzzer.Run(Executions, TimeSpan.MaxValue / 2);

            Assert.Empty(fuzzer.Findings.Select(finding => $"{finding.Defect} with {Convert.ToBase64String(finding.Input)}"));
            Assert.Equal(Executions, fuzzer.Executions);
            Assert.True(fuzzer.Ways.Count > ways, $"only {fuzzer.Ways.Count} different outcomes: {target.Name} is hardly tried");
        }
    }

    /// <summary>A defect three steps deep, each of which takes a way of its own: chance alone would hardly find it.</summary>
    private sealed class DefectiveTarget : IFuzzTarget
    {
        public string Name => "defective";

        public IReadOnlyList<byte[]> Seeds => [new byte[8]];

        public byte[] Mutate(byte[] input, byte[] other, Random random)
        {
            var mutant = input.ToArray();
            mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            return mutant;
        }

        public string Run(byte[] input) => input switch
        {
            [1, 2, 2, ..] => throw new InvalidOperationException("two in a row after a one"),
            [1, 2, ..] => "one and two",
            [1, ..] => "one",
            _ => "none",
        };

        public void Dispose()
        {
        }
    }
}
