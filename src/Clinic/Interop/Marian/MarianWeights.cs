using TransformerClinic.Common;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Marian;

/// <summary>Weights of a file of Marian, read into our model.</summary>
internal sealed class MarianWeights
{
    private readonly IMarianFile _file;
    private readonly MarianOptions _options;
    private readonly HashSet<string> _unread;

    private MarianWeights(IMarianFile file, MarianOptions options) =>
        (_file, _options, _unread) = (file, options, [.. file.Tensors.Keys]);

    /// <summary>A model with the weights of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Its options.</param>
    /// <param name="rows">Its vocabularies.</param>
    /// <param name="padding">Our id of padding.</param>
    /// <exception cref="UserErrorException">A tensor is missing, left over, or of another shape or type.</exception>
    public static Transformer Load(IMarianFile file, MarianOptions options, PieceRows rows, int padding)
    {
        var model = new Transformer(options.Shape, rows.Source.Count, padding, seed: 0);
        try
        {
            new MarianWeights(file, options).PutInto(model, rows, padding);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private void PutInto(Transformer model, PieceRows rows, int padding)
    {
        using var noGradient = no_grad();
        var isPreLn = PlainStacks.ArePreLn(model);
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            parameter.copy_(
                name.Split('.') switch
                {
                    ["embeddings", var which] => Embedding(which, parameter, rows, padding),
                    _ => OfLayer(name, parameter, isPreLn),
                }
            );
        }

        if (_unread.Order(StringComparer.Ordinal).FirstOrDefault() is { } left)
        {
            throw new UserErrorException(
                $"{_file.Path}: the file has a tensor '{left}' that a model of these options does not have."
            );
        }
    }

    private Tensor Embedding(string which, Tensor parameter, PieceRows rows, int padding)
    {
        var dim = _options.Shape.Dim;
        var isShared = _options.Embeddings is MarianSharing.All or MarianSharing.SourceAndTarget;
        return which switch
        {
            "output_bias" when _options.OmitsBias => ForeignEmbeddings.Bias(
                zeros(rows.Target.Max() + 1),
                rows.Target,
                padding
            ),
            "output_bias" => ForeignEmbeddings.Bias(
                Tensor(MarianNames.OutputBias, 1, TargetCount).squeeze(0),
                rows.Target,
                padding
            ),
            "shared" => ForeignEmbeddings.Reordered(Tensor(MarianNames.Shared, SourceCount, dim), rows.Source),
            "source" => ForeignEmbeddings.Reordered(
                Tensor(isShared ? MarianNames.Shared : MarianNames.Source, SourceCount, dim),
                rows.Source
            ),
            "target" => ForeignEmbeddings.Reordered(
                Tensor(isShared ? MarianNames.Shared : MarianNames.Target, TargetCount, dim),
                rows.Target
            ),
            "output" => ForeignEmbeddings.Reordered(
                _file.Tensors.ContainsKey(MarianNames.OldOutput)
                    ? Tensor(MarianNames.OldOutput, dim, TargetCount).t()
                    : Tensor(MarianNames.Output, TargetCount, dim),
                rows.Target
            ),
            _ => throw new ArgumentException($"'{which}' is not an embedding.", nameof(which)),
        };
    }

    private int SourceCount => _options.Vocabularies[0];

    private int TargetCount => _options.Vocabularies[^1];

    private Tensor OfLayer(string name, Tensor parameter, bool isPreLn)
    {
        var names = MarianNames.OfParameter(name, isPreLn);
        var isMatrix = parameter.dim() == 2;
        var parts = names.Select(part =>
            isMatrix
                ? Tensor(part, parameter.shape[1], parameter.shape[0] / names.Count).t()
                : Tensor(part, 1, parameter.shape[0] / names.Count).squeeze(0)
        );
        return cat([.. parts]);
    }

    private Tensor Tensor(string name, long rows, long columns)
    {
        if (!_file.Tensors.TryGetValue(name, out var info))
        {
            throw new UserErrorException($"{_file.Path}: the file has no tensor '{name}', which this model needs.");
        }

        if (!info.IsFloat)
        {
            throw new UserErrorException(
                $"{_file.Path}: the tensor '{name}' is {info.Type}; only float32 can be read. Take the model as it "
                    + "was before it was packed or quantized."
            );
        }

        // A vector may be stored as [n] or as [1, n].
        if (info.Count != rows * columns || info.Shape[^1] != columns)
        {
            throw new UserErrorException(
                $"{_file.Path}: the tensor '{name}' is [{string.Join(", ", info.Shape)}], where [{rows}, {columns}] "
                    + "is needed."
            );
        }

        _unread.Remove(name);
        return tensor(_file.Read(info), [rows, columns]);
    }
}
