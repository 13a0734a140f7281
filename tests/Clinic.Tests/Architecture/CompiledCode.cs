using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using TransformerClinic.Common;
using TransformerClinic.Pages;
using TransformerClinic.Reproduction;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Architecture;

/// <summary>The types of src/ as they are compiled, with every type that each of them uses.</summary>
internal static class CompiledCode
{
    public const string Root = "TransformerClinic";

    public static readonly ArchUnitNET.Domain.Architecture Loaded = new ArchLoader()
        .LoadAssemblies(
            typeof(ResidualConnection).Assembly,
            typeof(Document).Assembly,
            typeof(UserErrorException).Assembly,
            typeof(ReproductionRun).Assembly,
            System.Reflection.Assembly.Load("clinic")
        )
        .Build();

    /// <summary>The types that src/ declares, without those that the compiler adds.</summary>
    public static readonly IReadOnlyList<IType> Types = [.. Loaded.Types.Where(type => IsIn(NamespaceOf(type), Root))];

    /// <summary>The namespaces of the types, and those around them.</summary>
    public static readonly IReadOnlyList<string> Namespaces =
    [
        .. Types.SelectMany(type => WithOuter(NamespaceOf(type))).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>The types that a type uses, however it uses them.</summary>
    // The loader gives type parameters of one name one place, wherever they are declared.
    public static IEnumerable<IType> UsedBy(IType type) =>
        type.Dependencies.Select(dependency => dependency.Target).Where(used => used is not GenericParameter);

    public static string NamespaceOf(IType type) => type.Namespace?.FullName ?? "";

    /// <summary>Whether a namespace is another one or inside it.</summary>
    public static bool IsIn(string name, string outer) =>
        name == outer || name.StartsWith(outer + ".", StringComparison.Ordinal);

    private static IEnumerable<string> WithOuter(string name)
    {
        var parts = name.Split('.');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('.', parts.Take(count)));
    }
}
