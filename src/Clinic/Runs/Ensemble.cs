using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Runs;

/// <summary>One trained model, or several with the same subwords that work as one.</summary>
internal sealed class Ensemble : IDisposable
{
    private readonly IReadOnlyList<TrainedModel> _members;

    private Ensemble(IReadOnlyList<TrainedModel> members) => _members = members;

    /// <summary>The models.</summary>
    public IReadOnlyList<Transformer> Models => [.. _members.Select(member => member.Model)];

    /// <summary>Their subword model.</summary>
    public SubwordModel Subwords => _members[0].Subwords;

    /// <summary>What the first one's configuration says.</summary>
    public ModelConfig Config => _members[0].Config;

    /// <summary>Loads model folders, run folders or checkpoints.</summary>
    /// <exception cref="UserErrorException">
    /// There is no model, a file of it is damaged, or their subwords differ.
    /// </exception>
    public static Ensemble Load(IReadOnlyList<string> folders, Device device)
    {
        var sources = folders.Select(ModelSource.Find).ToList();
        for (var i = 1; i < sources.Count; i++)
        {
            if (!sources[i].Subwords.IsSameAs(sources[0].Subwords))
            {
                throw new UserErrorException(
                    $"{folders[0]} and {folders[i]} have different subwords, so their probabilities cannot be "
                        + "averaged. Take checkpoints of one run, or runs on the same training text with the same "
                        + "subwords options."
                );
            }
        }

        return new Ensemble([.. folders.Select(folder => TrainedModel.Load(folder, device))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _members)
        {
            member.Dispose();
        }
    }
}
