using System.Text;
using TransformerClinic.Files;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Loss;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of checkpoints' state files: what it accepts must be the same once it is written again.
/// </summary>
internal sealed class StateTarget() : FileTarget("state", "state.json")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes(
            Json.Text(
                new CheckpointContent(
                    2,
                    Scheduled: true,
                    new TrainingState
                    {
                        Update = 500,
                        Epoch = 1,
                        ExamplesSeen = 17,
                        Seconds = 12.5,
                        SinceLogged = new LossSums(3, 2, 1),
                        Recent = RecentUpdates
                            .None.Plus(4.5, 1.25, jumped: false, window: 3)
                            .Plus(4.25, 1, jumped: true, window: 3),
                        Profile = new AdminProfile(
                            "5e1c",
                            2,
                            20,
                            22,
                            1,
                            Dropout: true,
                            PaddingPolicy.Ignore,
                            [new ProfiledConnection("encoder", 1, "encoder.layers.0", 1, 0.5, 0.25, "frozen")]
                        ),
                    },
                    4.75
                )
            )
        ),
        Encoding.UTF8.GetBytes(
            Json.Line(new CheckpointContent(2, Scheduled: false, new TrainingState(), ValidationLoss: null))
        ),
    ];

    protected override string Read(string path, byte[] input)
    {
        var content = Checkpoint.Read(Folder).Content;
        var written = Json.Text(content);
        Json.Write(path, content);
        Require(Json.Text(Checkpoint.Read(Folder).Content) == written, "the state written again is another");
        return $"{(content.State.Profile is null ? "without" : "with")} a "
            + $"profile{(content.ValidationLoss is null ? "" : ", validated")}";
    }
}
