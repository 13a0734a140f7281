using System.Diagnostics;

namespace TransformerClinic.Fuzz;

/// <summary>An input that revealed a defect.</summary>
internal sealed record Finding(byte[] Input, Exception Defect);

/// <summary>Feeds a target with mutations of what it was fed before, all outcomes getting the same share.</summary>
internal sealed class Fuzzer
{
    private const int LargestInput = 1 << 14;
    private const long MostMemory = 64 << 20;
    private readonly IFuzzTarget _target;
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly Corpus _corpus;

    public Fuzzer(IFuzzTarget target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        _corpus = new Corpus(target.Seeds, _random);
    }

    public long Executions { get; private set; }

    /// <summary>The outcomes seen, with how often.</summary>
    public IReadOnlyDictionary<string, long> Outcomes => _corpus.Outcomes;

    /// <summary>Number of inputs that are kept to be mutated.</summary>
    public int Kept => _corpus.Count;

    /// <summary>One input for every defect.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <summary>
    /// Goes on until so many executions are made or so much more processor time is spent, whichever comes first.
    /// </summary>
    public void Run(long executions, TimeSpan time)
    {
        using var self = Process.GetCurrentProcess();
        var end = self.TotalProcessorTime + time;
        foreach (var input in Executions == 0 ? _target.Seeds : [])
        {
            Try(input);
        }

        while (Executions < executions && !IsOver())
        {
            var input = _target.Mutate(_corpus.Any(), _corpus.Any(), _random);
            if (input.Length <= LargestInput)
            {
                Try(input);
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

    private void Try(byte[] input)
    {
        Executions++;
        var memory = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var outcome = _target.Run(input);
            _corpus.Add(outcome, input);
            memory = GC.GetAllocatedBytesForCurrentThread() - memory;
            if (memory > MostMemory)
            {
                throw new InvalidOperationException($"{input.Length} bytes of input take {memory >> 20} MiB of memory");
            }
        }
#pragma warning disable CA1031 // Whatever a target throws is what is looked for.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            _findings.TryAdd($"{defect.GetType()} {MessageTemplate.Of(defect.Message)}", new Finding(input, defect));
        }
    }
}
