using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// Finds the residual connections of any model and says to which chain each belongs: encoder and decoder are chains of
/// their own.
/// </summary>
public static class ResidualChains
{
    private const string WholeModel = "model";

    /// <summary>
    /// The chain of a module path: its first part that has <c>encoder</c> or <c>decoder</c> in it, such as
    /// <c>decoder</c> for <c>decoder.layers.3.self_attention.residual</c>; <c>model</c> where there is none.
    /// </summary>
    public static string ByStack(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('.')
                .FirstOrDefault(part =>
                    part.Contains("encoder", StringComparison.OrdinalIgnoreCase)
                    || part.Contains("decoder", StringComparison.OrdinalIgnoreCase)
                )
            ?? WholeModel;
    }

    /// <summary>
    /// The connections of a model, of whatever variant, by their module paths; once each, in the order in which they
    /// are registered.
    /// </summary>
    /// <param name="model">Any module with connections registered below it.</param>
    public static IReadOnlyList<(string Path, ResidualConnection Connection)> Of(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. Below<ResidualConnection>(model, "").DistinctBy(entry => entry.Connection)];
    }

    internal static IReadOnlyList<ConnectionPlace> Find(nn.Module model, Func<string, string> chainOf)
    {
        ArgumentNullException.ThrowIfNull(model);
        ConnectionPlace[] found =
        [
            .. Below<AdminResidual>(model, "")
                .DistinctBy(entry => entry.Connection)
                .Select(entry => new ConnectionPlace(entry.Connection, entry.Path, chainOf(entry.Path))),
        ];
        return found.Length > 0
            ? found
            : throw new InvalidOperationException(
                "The model has no Admin connection among its registered modules: call RegisterComponents() or "
                    + "register_module where they are made."
            );
    }

    // TorchSharp's named_modules() names modules of deeper levels more than once, under paths that leave out a level.
    private static IEnumerable<(string Path, T Connection)> Below<T>(nn.Module module, string path)
        where T : ResidualConnection =>
        module is T connection
            ? [(path, connection)]
            : module
                .named_children()
                .SelectMany(child => Below<T>(child.module, path.Length == 0 ? child.name : $"{path}.{child.name}"));
}

/// <summary>Where an Admin connection was found.</summary>
internal sealed record ConnectionPlace(AdminResidual Connection, string Path, string Chain);
