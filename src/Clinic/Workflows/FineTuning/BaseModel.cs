using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.FineTuning;

/// <summary>The trained model that <c>training.from</c> names, found to fit the recipe's.</summary>
internal sealed class BaseModel
{
    private readonly ModelSource _source;

    private BaseModel(ModelSource source, BaseModelRecord record) => (_source, Record) = (source, record);

    /// <summary>What <c>from.json</c> says of it.</summary>
    public BaseModelRecord Record { get; }

    /// <summary>Its subwords, which the recipe's text is encoded with.</summary>
    public SubwordModel Subwords => _source.Subwords;

    /// <summary>Finds the model of a recipe; its weights are hashed, but not yet loaded.</summary>
    /// <exception cref="UserErrorException">
    /// There is no such model, a file of it is damaged, or it is of another shape.
    /// </exception>
    public static BaseModel Find(Recipe recipe)
    {
        var source = Find(recipe.Training.From);
        RequireWeights(source);
        return ModelDifferences.Of(source.Config.Model, recipe.Model) is { Count: > 0 } differences
            ? throw new UserErrorException(
                $"training.from: {source.Name} does not fit the recipe: {string.Join("; ", differences)}. "
                    + "Give these keys the model's values, or leave training.from empty to begin from initial weights."
            )
            : new BaseModel(source, BaseModelRecord.Of(source, recipe.Training.From));
    }

    /// <summary>The model with its weights and with other options, such as dropout, on the CPU.</summary>
    /// <exception cref="UserErrorException">The weights are damaged.</exception>
    public Transformer Load(ModelOptions options)
    {
        var model = new Transformer(options, _source.Config.Vocabulary, Vocabulary.Pad, seed: 0);
        CopyInto(model);
        return model;
    }

    /// <summary>
    /// Gives a model of the recipe's shape the weights, bit by bit. A first omega that was frozen and is now trained
    /// has no weights there: it stays at its initial 1, where it was frozen.
    /// </summary>
    /// <exception cref="UserErrorException">The weights are damaged, or no longer those that were found.</exception>
    public void CopyInto(Transformer model)
    {
        RequireWeights(_source);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var trained = _source.Load(CPU);
        if (ContentHash.OfFile(_source.WeightsPath) != Record.Sha256)
        {
            throw new UserErrorException(
                $"training.from: {_source.WeightsPath} has changed while training was being prepared. "
                    + "Begin in a new run folder."
            );
        }

        var weights = trained
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => entry.parameter, StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (weights.TryGetValue(name, out var values))
            {
                parameter.copy_(values);
            }
        }
    }

    private static void RequireWeights(ModelSource source)
    {
        if (!File.Exists(source.WeightsPath))
        {
            throw new UserErrorException(
                $"training.from: there is no file {source.WeightsPath}, which holds the weights of {source.Name}."
            );
        }
    }

    private static ModelSource Find(string path)
    {
        try
        {
            return ModelSource.Find(path);
        }
        catch (UserErrorException exception)
        {
            var hint = Directory.Exists(path)
                ? ""
                : " A relative path starts at the recipe's folder, on the command line, too.";
            throw new UserErrorException($"training.from: {exception.Message}{hint}", exception);
        }
    }
}
