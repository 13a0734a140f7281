using System.CommandLine;
using TransformerClinic.Cli.Output;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic checkpoints</c></summary>
internal sealed class CheckpointsCommand : ResultVerb
{
    private readonly Argument<string> _folder = new("dir")
    {
        Description = "A run folder, or the folder of one checkpoint.",
    };
    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Checks the hash of every file; this reads all of them.",
    };

    public CheckpointsCommand()
        : base(
            "checkpoints",
            "Lists a run's checkpoints, why each is kept, and what is wrong with any; the run may still be training.",
            "clinic checkpoints runs/quickstart",
            "clinic checkpoints runs/quickstart --verify",
            "clinic checkpoints runs/quickstart/checkpoints/update-000300 --verify --json"
        ) => Accept(_folder, _verify);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var list = CheckpointList.Of(parsed.GetRequiredValue(_folder), parsed.GetValue(_verify));
        Print(parsed, list, CheckpointTable.Write);
        return list.Damaged == 0
            ? ExitCode.Done
            : Fail(
                $"{list.Damaged} of {list.Checkpoints.Count} checkpoints damaged. The run resumes from the newest "
                    + "intact one; train sets the damaged ones aside."
            );
    }
}
