using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TransformerClinic.Bench.Fuzz;

/// <summary>An input that revealed a defect.</summary>
internal sealed record Finding(byte[] Input, Exception Defect);

/// <summary>
/// Feeds a target with mutations of what it was fed before. An input that takes a way not seen before, as the target's words for
/// it tell, is mutated further.
/// </summary>
internal sealed partial class Fuzzer(IFuzzTarget target, int seed)
{
    private const int LargestInput = 1 << 16;
    private readonly List<byte[]> _corpus = [.. target.Seeds];
    private readonly Dictionary<string, long> _ways = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private readonly Random _random = new(seed);

    public long Executions { get; private set; }

    /// <summary>The ways seen, with how often.</summary>
    public IReadOnlyDictionary<string, long> Ways => _ways;

    /// <summary>One input for every defect.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <summary>Runs for so many executions or so much processor time, whichever ends first.</summary>
    public void Run(long executions, TimeSpan time)
    {
        using var self = Process.GetCurrentProcess();
        var end = self.TotalProcessorTime + time;
        foreach (var input in target.Seeds)
        {
            Try(input);
        }

        while (Executions < executions && !IsOver())
        {
            var input = target.Mutate(Any(), Any(), _random);
            if (input.Length <= LargestInput && Try(input))
            {
                _corpus.Add(input);
            }
        }

        bool IsOver()
        {
            if (Executions % 256 == 0)
            {
                self.Refresh();
            }

            return self.TotalProcessorTime >= end;
        }
    }

    private byte[] Any() => _corpus[_random.Next(_corpus.Count)];

    /// <summary>Whether the input took a way not seen before.</summary>
    private bool Try(byte[] input)
    {
        Executions++;
        try
        {
            var way = Varying().Replace(target.Run(input), "#");
            _ways[way] = _ways.GetValueOrDefault(way) + 1;
            return _ways[way] == 1;
        }
#pragma warning disable CA1031 // Whatever a target throws is what is looked for.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            _findings.TryAdd($"{defect.GetType()} {Varying().Replace(defect.Message, "#").Split('#')[^1]}", new Finding(input, defect));
            return false;
        }
    }

    // Numbers, names and places differ from input to input on the same way.
    [GeneratedRegex(@"'[^']*'|""[^""]*""|\d+|\bLineNumber.*|\bPath:.*", RegexOptions.Singleline)]
    private static partial Regex Varying();
}
