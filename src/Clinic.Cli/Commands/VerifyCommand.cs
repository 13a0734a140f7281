using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic verify</c></summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "The folder of reference data: model/, optim/, decode/, metrics/ and so on." };
        var only = new Option<string?>("--only") { Description = "Compares only quantities whose name begins so; * stands for anything." };
        var json = Shared.Json();
        var command = new Verb(
            "verify",
            "Runs this program on the recorded values of the authors' implementation and prints, for each quantity, the largest difference and whether it is within the tolerance.",
            "clinic verify reference",
            "clinic verify reference --only model/admin",
            "clinic verify reference --only '*/float64/*/tokens'",
            "clinic verify reference --json > verification.json")
        {
            folder, only, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var verifier = new Verifier(new ReferenceFolder(parsed.GetRequiredValue(folder)), parsed.GetValue(only));
                var report = StopSignals.During(stop => SpectreConsole.OnStandardError().Work(
                    "verifying", "parts", verifier.Parts, progress => verifier.Run(progress: new CountProgress(progress), cancellation: stop)));
                if (parsed.GetValue(json))
                {
                    Console.Out.Write(Json.Text(report));
                }
                else
                {
                    VerificationTable.Write(report);
                }

                if (report.Fail == 0)
                {
                    return ExitCode.Done;
                }

                Console.Error.WriteLine($"clinic: {report.Fail} {(report.Fail == 1 ? "quantity does" : "quantities do")} not hold.");
                return ExitCode.Failure;
            },
            Console.Error));
        return command;
    }
}
