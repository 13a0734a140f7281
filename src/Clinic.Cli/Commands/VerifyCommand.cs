using System.CommandLine;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic verify</c></summary>
internal sealed class VerifyCommand : ResultVerb
{
    private readonly Argument<string> _folder = new("dir")
    {
        Description = "The folder of reference data: model/, optim/, decode/, metrics/ and so on.",
    };
    private readonly Option<string?> _only = new("--only")
    {
        Description = "Compares only quantities whose names start with this; * stands for anything.",
    };

    public VerifyCommand()
        : base(
            "verify",
            "Runs this program on the recorded values of the authors' implementation and prints, for each quantity, "
                + "the largest difference and whether it is within the tolerance.",
            "clinic verify reference",
            "clinic verify reference --only model/admin",
            "clinic verify reference --only '*/float64/*/tokens'",
            "clinic verify reference --json > verification.json"
        ) => Accept(_folder, _only);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var verifier = new Verifier(new ReferenceFolder(parsed.GetRequiredValue(_folder)), parsed.GetValue(_only));
        var report = UntilStopped(stop =>
            SpectreConsole
                .OnStandardError()
                .Work(
                    "verifying",
                    "parts",
                    verifier.Parts,
                    progress => verifier.Run(progress: new CountProgress(progress), cancellation: stop)
                )
        );
        Print(parsed, report, VerificationTable.Write);
        return report.Fail == 0
            ? ExitCode.Done
            : Fail($"{report.Fail} {(report.Fail == 1 ? "quantity does" : "quantities do")} not hold.");
    }
}
