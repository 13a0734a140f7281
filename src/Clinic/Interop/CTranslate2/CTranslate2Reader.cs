using System.Text;
using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Interop.CTranslate2;

/// <summary>
/// Reads <c>model.bin</c> back into a model of ours, so that an export can be compared with its original. Only what
/// <see cref="CTranslate2File"/> writes is read; anything else is refused.
/// </summary>
internal sealed class CTranslate2Reader
{
    private readonly Dictionary<string, CTranslate2Variable> _variables;
    private readonly HashSet<string> _unread;

    private CTranslate2Reader(Dictionary<string, CTranslate2Variable> variables)
    {
        _variables = variables;
        _unread = [.. variables.Keys];
    }

    /// <summary>Reads a model.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="shape">A model of the same shape; only its options are read.</param>
    /// <returns>
    /// A model with matrices of its own for source, target and output, and a scale of both inputs: the file keeps them
    /// apart. Owned by the receiver.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is not a model of this format, or has another shape.</exception>
    public static Transformer Read(Stream stream, Transformer shape)
    {
        using var noGradient = no_grad();
        var reader = new CTranslate2Reader(Variables(stream));
        var options = shape.Options;
        var model = new Transformer(
            options with
            {
                Encoder = options.Encoder with { InputScale = true },
                Decoder = options.Decoder with { InputScale = true },
                SharedEmbeddings = EmbeddingSharing.None,
            },
            shape.Vocabulary,
            shape.Padding,
            seed: 0
        );
        try
        {
            reader.Fill(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>All variables of a file by name, those under a second name, too.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version.</exception>
    public static Dictionary<string, CTranslate2Variable> Variables(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            Expect(CTranslate2File.BinaryVersion, reader.ReadUInt32(), "version");
            Expect(CTranslate2File.Specification, CTranslate2Variable.ReadText(reader), "specification");
            Expect(CTranslate2File.Revision, reader.ReadUInt32(), "revision");
            var variables = new Dictionary<string, CTranslate2Variable>(StringComparer.Ordinal);
            for (var left = reader.ReadUInt32(); left > 0; left--)
            {
                variables.Add(CTranslate2Variable.ReadText(reader), CTranslate2Variable.Read(reader));
            }

            for (var left = reader.ReadUInt32(); left > 0; left--)
            {
                variables.Add(CTranslate2Variable.ReadText(reader), variables[CTranslate2Variable.ReadText(reader)]);
            }

            return stream.ReadByte() < 0
                ? variables
                : throw new InvalidDataException("The file continues after its last alias.");
        }
        catch (Exception damage) when (damage is EndOfStreamException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidDataException($"The file is cut short or damaged: {damage.Message}", damage);
        }
    }

    private void Fill(Transformer model)
    {
        FillStack(CTranslate2File.Encoder, model, model.Encoder.FinalLayerNorm);
        FillStack(CTranslate2File.Decoder, model, model.Decoder.FinalLayerNorm);
        FillInput(
            CTranslate2File.SourceEmbedding,
            CTranslate2File.Encoder,
            model.Embeddings.Source,
            model.Encoder.InputScale!,
            model
        );
        FillInput(
            CTranslate2File.TargetEmbedding,
            CTranslate2File.Decoder,
            model.Embeddings.Target,
            model.Decoder.InputScale!,
            model
        );
        Copy(Matrix(CTranslate2File.Projection), model.Embeddings.Output);
        if (model.Embeddings.OutputBias is { } bias)
        {
            Copy(Take($"{CTranslate2File.Projection}/bias").ToTensor(), bias);
        }

        var zeroStart = CTranslate2Variable.Of((sbyte)(model.Options.ZeroStart ? 1 : 0));
        Expect(zeroStart, Take(CTranslate2File.ZeroStart), CTranslate2File.ZeroStart);
        foreach (var (name, value) in CTranslate2File.Constants)
        {
            Expect(value, Take(name), name);
        }

        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            FillSublayer(CTranslate2File.NameOf(address), sublayer, address.ReadsMemory);
        }

        if (_unread.FirstOrDefault() is { } stranger)
        {
            throw new InvalidDataException($"The file has a variable that its model does not: {stranger}.");
        }
    }

    private void FillStack(string name, Transformer model, LayerNorm? finalNorm)
    {
        foreach (var (constant, value) in CTranslate2File.ConstantsOf(name, model.Options, finalNorm is not null))
        {
            Expect(value, Take(constant), constant);
        }

        if (finalNorm is not null)
        {
            FillNorm($"{name}/layer_norm", finalNorm);
        }
    }

    /// <summary>
    /// Embedding and position table of a stack carry the scale of its input: the table says what it is, since it is
    /// known without a scale.
    /// </summary>
    private void FillInput(string embedding, string stack, Tensor destination, Tensor inputScale, Transformer model)
    {
        using var scope = NewDisposeScope();
        var scaled = Take($"{stack}/position_encodings/encodings").ToTensor();
        var plain = CTranslate2File.PositionsOf(model);
        var scale = (scaled * plain).sum([0L]) / (plain * plain).sum([0L]);
        using Scalar tolerance = 1e-5,
            least = 1;
        if ((scaled - (plain * scale)).abs().gt(tolerance * scale.abs().clamp_min(least)).any().item<bool>())
        {
            throw new InvalidDataException($"{stack}: the positions are not sinusoids as ours.");
        }

        Copy(scale, inputScale);
        Copy(Matrix(embedding) / scale, destination);
    }

    private void FillSublayer(string name, Sublayer sublayer, bool readsMemory)
    {
        switch (sublayer.Branch)
        {
            case MultiHeadAttention attention:
                FillLinear(
                    attention.InputProjection,
                    readsMemory ? [$"{name}/linear_0", $"{name}/linear_1"] : [$"{name}/linear_0"]
                );
                FillLinear(attention.OutputProjection, readsMemory ? $"{name}/linear_2" : $"{name}/linear_1");
                break;
            case FeedForward feedForward:
                FillLinear(feedForward.Inner, $"{name}/linear_0");
                FillLinear(feedForward.Outer, $"{name}/linear_1");
                break;
        }

        FillNorm($"{name}/layer_norm", PlainStacks.NormOf(sublayer.Residual));
    }

    private void FillLinear(Linear linear, params string[] names)
    {
        using var scope = NewDisposeScope();
        Copy(cat([.. names.Select(Matrix)]), linear.Weight);
        Copy(cat([.. names.Select(name => Take($"{name}/bias").ToTensor())]), linear.Bias);
    }

    private void FillNorm(string name, LayerNorm norm)
    {
        using var scope = NewDisposeScope();
        Copy(Take($"{name}/gamma").ToTensor(), norm.weight!);
        Copy(Take($"{name}/beta").ToTensor(), norm.bias!);
    }

    /// <summary>A matrix in float32: <c>w = q / scale</c> row by row where it is int8.</summary>
    private Tensor Matrix(string name)
    {
        var matrix = Take($"{name}/weight").ToTensor();
        return _variables.ContainsKey($"{name}/weight_scale")
            ? matrix / Take($"{name}/weight_scale").ToTensor().unsqueeze(1)
            : matrix;
    }

    private CTranslate2Variable Take(string name)
    {
        _unread.Remove(name);
        return _variables.TryGetValue(name, out var variable)
            ? variable
            : throw new InvalidDataException($"The file has no variable {name}.");
    }

    private static void Copy(Tensor from, Tensor to)
    {
        if (!from.shape.SequenceEqual(to.shape))
        {
            throw new InvalidDataException(
                $"A variable has the shape [{string.Join(", ", from.shape)}] instead of "
                    + $"[{string.Join(", ", to.shape)}]."
            );
        }

        to.copy_(from);
    }

    private static void Expect(CTranslate2Variable expected, CTranslate2Variable found, string what)
    {
        if (!expected.HasContentOf(found))
        {
            throw new InvalidDataException($"{what} has another value in the file.");
        }
    }

    private static void Expect<T>(T expected, T found, string what)
        where T : IEquatable<T>
    {
        if (!expected.Equals(found))
        {
            throw new InvalidDataException($"The file's {what} is {found}; this reads {expected}.");
        }
    }
}
