using TransformerClinic.Fuzz;

namespace TransformerClinic.Tests.Fuzz;

/// <summary>What fuzzes finds what there is to be found, and keeps no more of the inputs than it has use for.</summary>
[Trait("Speed", "Slow")]
public class FuzzerTests
{
    [Fact]
    public void A_defect_is_found()
    {
        var fuzzer = Run(
            200_000,
            input =>
                input switch
                {
                    // Three steps deep, each with an outcome of its own: chance alone would hardly find it.
                    [1, 2, 2, ..] => throw new InvalidOperationException("two in a row after a one"),
                    [1, 2, ..] => "one and two",
                    [1, ..] => "one",
                    _ => "none",
                }
        );

        Assert.Equal("two in a row after a one", Assert.Single(fuzzer.Findings).Defect.Message);
    }

    [Fact]
    public void One_defect_is_one_finding_whatever_the_input() =>
        Assert.Single(
            Run(1000, input => throw new FormatException($"the byte '{(char)input[0]}' at {input[1]}")).Findings
        );

    [Fact]
    public void A_small_input_that_takes_much_memory_is_a_defect() =>
        Assert.Equal(
            "8 bytes of input take 70 MiB of memory",
            Assert
                .Single(Run(100, input => $"{new byte[input[0] > 100 ? 70 << 20 : 1].Length}").Findings)
                .Defect.Message
        );

    [Fact]
    public void The_inputs_that_are_kept_stay_few_however_many_outcomes_there_are()
    {
        var fuzzer = Run(100_000, input => $"{input[0]} {input[1]}");

        Assert.InRange(fuzzer.Outcomes.Count, 900, 1001);
        Assert.InRange(fuzzer.Kept, 2000, 1 + (16 * 1001));
        Assert.Equal(100_000, fuzzer.Outcomes.Values.Sum());
    }

    [Fact]
    public void The_same_seed_makes_the_same_inputs()
    {
        var (inputs, again) = (new List<byte[]>(), new List<byte[]>());
        Run(500, input => Kept(inputs, input));
        Run(500, input => Kept(again, input));

        Assert.Equal(inputs, again);

        static string Kept(List<byte[]> list, byte[] input)
        {
            list.Add(input);
            return $"{input[0]}";
        }
    }

    private static Fuzzer Run(int executions, Func<byte[], string> run)
    {
        using var target = new BytesTarget(run);
        var fuzzer = new Fuzzer(target, seed: 1);
        fuzzer.Run(executions, TimeSpan.MaxValue / 2);
        return fuzzer;
    }

    /// <summary>Eight bytes, of which one at a time is changed.</summary>
    private sealed class BytesTarget(Func<byte[], string> run) : IFuzzTarget
    {
        public string Name => "bytes";

        public IReadOnlyList<byte[]> Seeds => [new byte[8]];

        public byte[] Mutate(byte[] input, byte[] other, Random random)
        {
            var mutant = input.ToArray();
            mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            return mutant;
        }

        public string Run(byte[] input) => run(input);

        public void Dispose() { }
    }
}
