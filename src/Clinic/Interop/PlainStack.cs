using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Interop;

/// <summary>The two equations that every other program's Transformer knows.</summary>
internal enum PlainStack
{
    /// <summary><c>LN(x + f(x))</c> in every sublayer.</summary>
    PostLn,

    /// <summary><c>x + f(LN(x))</c> in every sublayer, and a normalization at the end.</summary>
    PreLn,
}

/// <summary>Recognizes plain stacks by the equations of their connections.</summary>
internal static class PlainStacks
{
    /// <summary>The equation of a stack; null if it is another, or not the same in all sublayers.</summary>
    public static PlainStack? Of(IEnumerable<ResidualConnection> connections)
    {
        var found = connections.Select(connection => Of(connection.Form)).Distinct().ToList();
        return found is [var only] ? only : null;
    }

    /// <summary>The equation of both stacks.</summary>
    public static (PlainStack? Encoder, PlainStack? Decoder) Of(Transformer model) =>
        (Of(model.Encoder.Residuals), Of(model.Decoder.Residuals));

    /// <summary>Whether both stacks of a model are Pre-LN.</summary>
    public static bool ArePreLn(Transformer model) => Of(model) is (PlainStack.PreLn, PlainStack.PreLn);

    /// <summary>The normalization of a sublayer of a plain stack.</summary>
    /// <exception cref="UserErrorException">The sublayer is not plain.</exception>
    public static LayerNorm NormOf(ResidualConnection connection) =>
        connection.Form is { } form && Of(form) is not null
            ? (LayerNorm)(form.After ?? form.Before)!.Module
            : throw new UserErrorException(
                $"{connection.GetType().Name} is neither plain Post-LN nor plain Pre-LN, and the format holds no other."
            );

    private static PlainStack? Of(ResidualForm? form) =>
        form switch
        {
            { HasOneStream: false } or { BranchNorm: not BranchNorm.None } => null,
            { Shortcut.IsOne: true, Branch.IsOne: true, Inner: null, Before: null, After: { } after }
                when IsPlain(after) => PlainStack.PostLn,
            { Shortcut.IsOne: true, Branch.IsOne: true, Inner: null, Before: { } before, After: null }
                when IsPlain(before) => PlainStack.PreLn,
            _ => null,
        };

    private static bool IsPlain(ScaledNorm norm) =>
        norm is { Factor: 1, Module: LayerNorm { weight: not null, bias: not null, eps: ScaledNorm.UsualEpsilon } };
}
