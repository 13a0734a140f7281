using TransformerClinic.Common;
using TransformerClinic.Runs;

namespace TransformerClinic.Tests.Runs;

public sealed class ModelSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_there_is_no_model_the_message_says_what_one_is() =>
        Assert.Contains(
            "there is no model here. A model folder holds model.safetensors",
            Mistake(_folder.FullName),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_checkpoint_outside_of_a_run_lacks_its_recipe()
    {
        _folder.Write("elsewhere/update-000003/state.json", "{}");
        Assert.Contains(
            "this checkpoint is in no run folder. It needs recipe.yaml and subwords.json",
            Mistake(_folder.PathOf("elsewhere/update-000003")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_checkpoint_whose_state_cannot_be_read_is_named()
    {
        _folder.Write("run/recipe.yaml", "name: r\n");
        var state = _folder.Write("run/checkpoints/update-000003/state.json", "{}");
        Assert.StartsWith(state, Mistake(_folder.PathOf("run/checkpoints/update-000003")), StringComparison.Ordinal);
    }

    private static string Mistake(string path) =>
        Assert.Throws<UserErrorException>(() => ModelSource.Find(path)).Message;
}
