using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic checkpoints</c></summary>
internal static class CheckpointsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "A run folder, or the folder of one checkpoint." };
        var verify = new Option<bool>("--verify") { Description = "Checks the hash of every file, which reads them all." };
        var json = Shared.Json();
        var command = new Verb(
            "checkpoints",
            "Lists a run's checkpoints, why each is kept, and what is wrong with any; the run may still be training.",
            "clinic checkpoints runs/quickstart",
            "clinic checkpoints runs/quickstart --verify",
            "clinic checkpoints runs/quickstart/checkpoints/update-000300 --verify --json")
        {
            folder, verify, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var list = CheckpointList.Of(parsed.GetRequiredValue(folder), parsed.GetValue(verify));
                if (parsed.GetValue(json))
                {
                    Console.Out.Write(Json.Text(list));
                }
                else
                {
                    CheckpointTable.Write(list);
                }

                if (list.Damaged == 0)
                {
                    return ExitCode.Done;
                }

                Console.Error.WriteLine($"clinic: {list.Damaged} of {list.Checkpoints.Count} checkpoints damaged. The run goes on from the newest whole one; train sets the others aside.");
                return ExitCode.Failure;
            },
            Console.Error));
        return command;
    }
}
