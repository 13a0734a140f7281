using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Runs;

/// <summary>One trained model, or several with the same subwords that work as one.</summary>
internal sealed class Ensemble : IDisposable
{
    private readonly IReadOnlyList<ModelSource> _sources;
    private readonly IReadOnlyList<Lazy<Transformer>> _modules;

    private Ensemble(IReadOnlyList<ModelSource> sources, Func<Device> device, bool onProcessor)
    {
        _sources = sources;
        _modules = [.. sources.Select(source => new Lazy<Transformer>(() => source.Load(device())))];
        Searched =
        [
            .. sources.Zip(
                _modules,
                (source, module) =>
                    new SearchedModel(
                        source.Config.Model,
                        source.Config.Vocabulary,
                        Vocabulary.Pad,
                        () => module.Value,
                        precision =>
                            (onProcessor && sources.Count == 1 ? source.LoadPacked(precision) : null)
                            ?? DecodingModels.Of(module.Value, precision)
                    )
            ),
        ];
    }

    /// <summary>The models with their tensors, which are loaded now at the latest.</summary>
    /// <exception cref="UserErrorException">A file of weights is damaged.</exception>
    public IReadOnlyList<Transformer> Models => [.. _modules.Select(module => module.Value)];

    /// <summary>The models for searching: their tensors are loaded only if something needs them.</summary>
    public IReadOnlyList<SearchedModel> Searched { get; }

    /// <summary>Their subword model.</summary>
    public SubwordModel Subwords => _sources[0].Subwords;

    /// <summary>What the first one's configuration says.</summary>
    public ModelConfig Config => _sources[0].Config;

    /// <summary>Loads model folders, run folders or checkpoints.</summary>
    /// <exception cref="UserErrorException">
    /// There is no model, a file of it is damaged, or their subwords differ.
    /// </exception>
    public static Ensemble Load(IReadOnlyList<string> folders, Device device)
    {
        var ensemble = new Ensemble(Find(folders), () => device, onProcessor: false);
        try
        {
            _ = ensemble.Models;
            return ensemble;
        }
        catch
        {
            ensemble.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Finds model folders, run folders or checkpoints to search with. Weights are read when a search begins, those of
    /// one model on the processor without libtorch if they can.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// There is no model, a file of it is damaged, their subwords differ, or there is no such device.
    /// </exception>
    public static Ensemble Open(IReadOnlyList<string> folders, DeviceName device)
    {
        if (device == DeviceName.Cpu)
        {
            return new Ensemble(Find(folders), () => Devices.Open(DeviceName.Cpu), onProcessor: true);
        }

        var place = Devices.Open(device);
        return new Ensemble(Find(folders), () => place, onProcessor: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in _modules.Where(module => module.IsValueCreated))
        {
            module.Value.Dispose();
        }
    }

    private static List<ModelSource> Find(IReadOnlyList<string> folders)
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

        return sources;
    }
}
