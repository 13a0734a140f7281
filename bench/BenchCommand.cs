using System.CommandLine;
using TransformerClinic.Bench.Adaptation;
using TransformerClinic.Bench.Clients;
using TransformerClinic.Bench.Corpora;
using TransformerClinic.Bench.Decoding;
using TransformerClinic.Bench.Depth;
using TransformerClinic.Bench.Exchange;
using TransformerClinic.Bench.Growth;
using TransformerClinic.Bench.Prediction;
using TransformerClinic.Bench.Products;
using TransformerClinic.Bench.Recompute;
using TransformerClinic.Bench.Serving;
using TransformerClinic.Bench.Training;
using TransformerClinic.Common;
using TransformerClinic.Distribution;

namespace TransformerClinic.Bench;

/// <summary>The command <c>bench</c> with its measurements.</summary>
internal static class BenchCommand
{
    /// <summary>The exit code if the user made a mistake.</summary>
    public const int Mistake = 2;

    private const int Failure = 1;

    /// <summary>Parses and runs a command line; a mistake of the user's is one message and no trace.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter error)
    {
        var parsed = Create().Parse(args);
        try
        {
            var status = parsed.Invoke(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, Error = error }
            );
            return parsed.Errors.Count > 0 ? Mistake : status;
        }
        catch (UserErrorException mistake)
        {
            error.WriteLine($"bench: {mistake.Message}");
            return Mistake;
        }
        catch (ProcessGroupException apart)
        {
            error.WriteLine($"bench: {apart.Message}");
            return Failure;
        }
    }

    /// <summary>The command with all measurements.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand(
            "Measurements that take longer than a test may: they print what they find and assert no times."
        )
        {
            TrainingCommand.Create(),
            UpdatesCommand.Create(),
            TurnsCommand.Create(),
            AdditionsCommand.Create(),
            ProductsCommand.Create(),
            RecomputeCommand.Create(),
            DecodingCommand.Create(),
            ClientCommand.Create(),
            ServingCommand.Create(),
            DepthCommand.Create(),
            GrowthCommand.Create(),
            PredictionCommand.Create(),
            AdaptationCommand.Create(),
            PairsCommand.Create(),
            StoredTrainingCommand.Create(),
            ExchangeCommand.Create(),
        };
        foreach (var option in root.Subcommands.SelectMany(command => command.Options).Where(IsCount))
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } negative)
                {
                    result.AddError($"{option.Name} must not be negative; {negative.Value} was given.");
                }
            });
        }

        return root;
    }

    private static bool IsCount(Option option) =>
        option.ValueType == typeof(int) || option.ValueType == typeof(long) || option.ValueType == typeof(int[]);
}
