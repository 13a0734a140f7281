using System.CommandLine;
using System.Globalization;

namespace Samples.Comparison;

/// <summary>The command line of a sample.</summary>
public sealed class SampleCommand
{
    private const int Mistake = 2;

    private readonly Sample _sample;
    private readonly Option<bool> _plain = new("--plain") { Description = "Only the network as it was: Post-LN." };
    private readonly Option<bool> _admin = new("--admin")
    {
        Description = "Only the network with Admin, or another remedy. Default: both, one after the other.",
    };
    private readonly Option<DirectoryInfo?> _output = new("--output")
    {
        Description = "A folder for the curves, as CSV and as SVG.",
    };
    private readonly Option<int> _depth;
    private readonly Option<int> _updates;
    private readonly Option<double> _rate;
    private readonly Option<int> _warmUp;
    private readonly Option<Initialization> _initialization;
    private readonly Option<int> _seed;
    private readonly Option<string> _remedy;

    /// <summary>The command line of a sample.</summary>
    public SampleCommand(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        _sample = sample;
        _depth = Setting("--depth", "Blocks of the network.", sample.Defaults.Depth);
        _updates = Setting("--updates", "Updates of the weights.", sample.Defaults.Updates);
        _rate = Setting("--rate", "Adam's learning rate.", sample.Defaults.LearningRate);
        _warmUp = Setting("--warm-up", "Updates over which the learning rate rises.", sample.Defaults.WarmUp);
        _initialization = Setting(
            "--initialization",
            "How the blocks' matrices are drawn.",
            sample.Defaults.Initialization
        );
        _seed = Setting("--seed", "Decides initial weights and order of the data.", sample.Defaults.Seed);
        _remedy = Setting(
            "--remedy",
            $"The remedy: {string.Join(", ", sample.Remedies.Prepend(SampleOptions.Admin))}.",
            SampleOptions.Admin
        );
        _remedy.AcceptOnlyFromAmong([SampleOptions.Admin, .. sample.Remedies]);
        foreach (var option in new Option[] { _depth, _updates, _rate, _warmUp })
        {
            option.Validators.Add(result =>
            {
                if (
                    double.TryParse(
                        result.Tokens is [var token, ..] ? token.Value : null,
                        CultureInfo.InvariantCulture,
                        out var value
                    )
                    && value <= 0
                )
                {
                    result.AddError($"{option.Name} must be more than 0.");
                }
            });
        }
    }

    /// <summary>Parses a command line, trains and reports.</summary>
    /// <returns>0, or 2 for a wrong command line.</returns>
    public int Run(string[] args)
    {
        var root = new RootCommand(_sample.Description)
        {
            _plain,
            _admin,
            _depth,
            _updates,
            _rate,
            _warmUp,
            _initialization,
            _seed,
            _output,
        };
        if (_sample.Remedies.Count > 0)
        {
            root.Add(_remedy);
        }

        root.SetAction(Run);
        var parsed = root.Parse(args);
        var status = parsed.Invoke();
        return parsed.Errors.Count > 0 ? Mistake : status;
    }

    private static Option<T> Setting<T>(string name, string description, T value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private void Run(ParseResult parsed)
    {
        var options = new SampleOptions
        {
            Depth = parsed.GetValue(_depth),
            Updates = parsed.GetValue(_updates),
            LearningRate = parsed.GetValue(_rate),
            WarmUp = parsed.GetValue(_warmUp),
            Initialization = parsed.GetValue(_initialization),
            Seed = parsed.GetValue(_seed),
            Remedy = _sample.Remedies.Count > 0 ? parsed.GetRequiredValue(_remedy) : SampleOptions.Admin,
        };
        var both = parsed.GetValue(_plain) == parsed.GetValue(_admin);
        var curves = new List<LossCurve>();
        if (both || parsed.GetValue(_plain))
        {
            curves.Add(Train(options, admin: false));
        }

        if (both || parsed.GetValue(_admin))
        {
            curves.Add(Train(options, admin: true));
        }

        Console.Write(LossTable.Text(curves));
        if (parsed.GetValue(_output) is { } folder)
        {
            folder.Create();
            File.WriteAllText(Path.Combine(folder.FullName, $"{_sample.Name}.csv"), LossTable.Csv(curves));
            File.WriteAllText(
                Path.Combine(folder.FullName, $"{_sample.Name}.svg"),
                LossFigure.Svg(_sample.Name, curves, _sample.Baseline)
            );
        }
    }

    private LossCurve Train(SampleOptions options, bool admin)
    {
        var points = new List<LossPoint>();
        var remedy =
            !admin ? null
            : options.Remedy == SampleOptions.Admin ? "Admin"
            : options.Remedy;
        foreach (var point in _sample.Train(options, admin))
        {
            points.Add(point);
            Console.Error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{LossCurve.NameOf(remedy)}: update {point.Update}, training loss {point.Training:0.000}, "
                        + $"held-out loss {point.HeldOut:0.000}"
                )
            );
        }

        return new LossCurve(remedy, points);
    }
}
